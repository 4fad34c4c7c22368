// Lists of whole records: whatever fields are filled and emptied between two of them, they say what each record says by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeJsonPresenter } from '../../src/records/present/json.ts';
import type { DisplayMode, Selection } from '../../src/records/records.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, openOn } from './part.ts';

const admin = callerWith(['admin']);
/** Of parent and child, of several types: nobody filled any of them before. */
const changes: ReadonlyArray<readonly [element: string, value: string]> = [
  ['close_notes', 'Say "done"'],
  ['correlation_id', 'x-1'],
  ['follow_up', '2026-11-21 10:00:00'],
  ['business_stc', '12'],
  ['knowledge', 'true'],
  ['parent_incident', '0'.repeat(31).concat('1')],
  ['cause', 'Paper'],
  ['due_date', '2026-12-01 00:00:00'],
];

forEachEngine((engine) => {
  let opened: Opened;
  const sysIds: string[] = [];

  before(async () => {
    opened = await openOn(engine);
    for (let at = 0; at < 12; at += 1)
      sysIds.push((await opened.records.insert(admin, 'incident', { short_description: `case ${at}` })).sysId);
  });
  after(() => opened.close());

  const shown = (selection: Selection, display: DisplayMode): Record<string, unknown>[] => {
    const options = { dictionary: opened.records.dictionary(), display, excludeLinks: false, linkBase: '/api', timeZone: 'UTC' };
    return JSON.parse(makeJsonPresenter().list(selection, options));
  };

  const compare = async (display: DisplayMode, why: string): Promise<void> => {
    const query = `sys_idIN${sysIds.join(',')}^ORDERBYsys_id`;
    const list = shown(await opened.records.list(admin, { table: 'incident', query, display }), display);
    const alone: Record<string, unknown>[] = [];
    for (const sysId of sysIds.toSorted())
      alone.push(...shown(await opened.records.get(admin, 'incident', sysId, { display }), display));
    assert.deepEqual(list, alone, why);
  };

  test('a field that is filled for the first time is in the next list, and gone from it when it is emptied', async () => {
    await compare('false', 'at first');
    for (const [at, [element, value]] of changes.entries()) {
      const sysId = sysIds[at] as string;
      await opened.records.update(admin, 'incident', sysId, { [element]: value });
      for (const display of ['false', 'true', 'all'] as const) await compare(display, `${element}, display ${display}`);
      if (at % 2 === 0) await opened.records.update(admin, 'incident', sysId, { [element]: '' });
      await compare('false', `after ${element}`);
    }
  });
});
