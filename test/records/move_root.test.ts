// A built-in table that gets a parent in a later release keeps its records, and answers them through the parent too.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { systemCaller } from '../../src/records/caller.ts';
import type { TableDefinition } from '../../src/records/definition.ts';
import { builtInTables } from '../../src/records/tables/index.ts';
import { forEachEngine } from '../parts/engines.ts';
import { type Opened, only, openFirst } from './part.ts';

/** As it was before there was `cmdb`. */
const beforeCmdb = (): TableDefinition[] =>
  builtInTables
    .filter(({ name }) => name !== 'cmdb')
    .map((definition) => {
      if (definition.name !== 'cmdb_ci') return definition;
      const { extends: _parent, ...root } = definition;
      return { ...root, access: { read: 'any' } };
    });

forEachEngine((engine) => {
  describe('a table that gets a parent', () => {
    let opened: Opened;
    before(async () => {
      opened = await openFirst(engine, { definitions: beforeCmdb() });
    });
    after(() => opened.close());

    it('keeps its records, and those of the tables below it', async () => {
      assert.equal(opened.records.dictionary().table('cmdb_ci')?.fields.get('sys_id')?.table, 'cmdb_ci');
      const ids = new Map<string, string>();
      for (const [table, name] of [
        ['cmdb_ci', 'a thing'],
        ['cmdb_ci_linux_server', 'a server'],
      ] as const) {
        ids.set(table, String(only(await opened.records.insert(systemCaller, table, { name })).sys_id));
      }
      for (let start = 1; start <= 2; start += 1) {
        const again = await opened.openAgain({ definitions: builtInTables });
        try {
          const table = again.records.dictionary().table('cmdb_ci');
          assert.deepEqual(
            table?.chain.map(({ name }) => name),
            ['cmdb', 'cmdb_ci'],
          );
          assert.equal(table?.fields.get('sys_id')?.table, 'cmdb');
          for (const [className, sysId] of ids) {
            const [row] = await again.records.findBy('cmdb', { sys_id: sysId });
            assert.equal(row?.sys_class_name, className);
            const [whole] = await again.records.findBy(className, { sys_id: sysId });
            assert.deepEqual([whole?.sys_created_by, whole?.sys_mod_count], [row?.sys_created_by, '0']);
          }
          const later = String(only(await again.records.insert(systemCaller, 'cmdb_ci', { name: `later ${start}` })).sys_id);
          assert.equal((await again.records.findBy('cmdb', { sys_id: later })).length, 1);
        } finally {
          await again.close();
        }
      }
    });
  });
});
