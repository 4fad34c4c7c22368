// The bench keeps what it measured: no run may take away the results of another part or engine. Nothing is measured here.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Options, readOptions } from '../../bench/options.ts';
import type { EngineName, Row } from '../../bench/part.ts';
import { timesOf } from '../../bench/report.ts';
import { writeResults } from '../../bench/results.ts';

const row = (engine: EngineName, value: number): Row => ({ id: 'list', title: 'a <list>', engine, value, floor: 2, detail: {} });

describe('results of the bench', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'causeway-bench-results-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const write = (name: string, engine: EngineName, value: number, failed?: string) =>
    writeResults(
      folder,
      { name, about: `about ${name}` },
      { engine, rows: [row(engine, value)], seconds: 1, isQuick: false, ...(failed === undefined ? {} : { failed }) },
    );
  const read = async (name: string) => JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));

  test('a run replaces the earlier run of its part on its engine and nothing else', async () => {
    await write('one', 'sqlite', 1);
    await write('one', 'postgres', 2);
    await write('other', 'sqlite', 3);
    await write('one', 'postgres', 4, 'it broke');
    const { runs } = await read('one');
    assert.deepEqual(
      runs.map(({ engine, rows, failed }: { engine: string; rows: Row[]; failed?: string }) => [engine, rows[0]?.value, failed]),
      [
        ['sqlite', 1, undefined],
        ['postgres', 4, 'it broke'],
      ],
    );
    assert.equal(runs[0].rows[0].standing, 'below');
    assert.equal((await read('other')).runs[0].rows[0].value, 3);
  });

  test('each part has a picture, and all ratios with a floor are in one', async () => {
    assert.deepEqual((await readdir(folder)).sort(), ['one.json', 'one.svg', 'other.json', 'other.svg', 'overview.svg']);
    const overview = await readFile(join(folder, 'overview.svg'), 'utf8');
    assert.equal(overview.match(/<rect[^>]* rx=/g)?.length, 3);
    assert.match(overview, /a &#60;list&#62;/);
  });

  test('the last table says how long each part took, and why one did not come to its end', () => {
    const said = timesOf([
      { part: 'one', engine: 'sqlite', seconds: 61 },
      { part: 'other', engine: 'postgres', seconds: 1, failed: 'no server\nat length' },
    ]);
    assert.match(said, /one +\| sqlite +\| 1 min 01 s/);
    assert.match(said, /other +\| postgres \| 0 min 01 s \| failed: no server +\|/);
  });
});

describe('options of the bench', () => {
  const partsOf = (...args: string[]): string[] => (readOptions(args) as Options).parts.map(({ name }) => name);

  test('what is on demand is left out unless it is asked for', () => {
    assert.ok(partsOf().includes('requests'));
    for (const name of ['peers', 'growth', 'profile']) {
      assert.ok(!partsOf().includes(name));
      assert.ok(partsOf('--all').includes(name));
    }
    assert.deepEqual(partsOf('--peers'), ['peers']);
    assert.deepEqual(partsOf('--growth', '--only', 'scans'), ['scans', 'growth']);
  });

  test('a quick run is written apart', () => {
    assert.equal((readOptions(['--quick']) as Options).folder, 'quick');
    assert.equal((readOptions([]) as Options).folder, '');
    assert.equal((readOptions(['--quick', '--out', 'mine']) as Options).folder, 'mine');
  });

  for (const args of [['--only', 'nothing'], ['--engine', 'mysql'], ['--largest', 'x'], ['--out', '../src'], ['--colour']])
    test(`${args.join(' ')} is a mistake, and the help says what there is`, () => {
      const said = readOptions(args);
      assert.ok('text' in said && said.isMistake);
      assert.match(said.text, /--only PART/);
    });

  test('--help describes every option and every part', () => {
    const said = readOptions(['--help']);
    assert.ok('text' in said && !said.isMistake);
    for (const name of [...partsOf('--all'), '--all', '--peers', '--growth', '--largest', '--quick', '--engine', '--out'])
      assert.match(said.text, new RegExp(name));
  });
});
