// Role × operation × table, against real rows: what is expected is written down here, not read from the definitions.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import type { Caller } from '../../src/records/caller.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, openOn } from './part.ts';

const roles = [
  'none',
  'itil',
  'user_admin',
  'oauth_admin',
  'personalize_dictionary',
  'import_admin',
  'security_admin',
  'nobody',
  'admin',
] as const;
type Role = (typeof roles)[number];

const everyone = roles;
const nobody: readonly Role[] = [];
const only = (...some: Role[]): readonly Role[] => [...some, 'admin'];
const admins = only();

/** Who may: create, read one, write one, delete one. */
const expected: Readonly<Record<string, readonly [readonly Role[], readonly Role[], readonly Role[], readonly Role[]]>> = {
  incident: [only('itil'), only('itil'), only('itil'), admins],
  sys_user: [only('user_admin'), everyone, only('user_admin'), admins],
  sys_user_group: [only('user_admin'), everyone, only('user_admin'), only('user_admin')],
  sys_user_role: [admins, everyone, admins, admins],
  sys_user_has_role: [only('user_admin'), everyone, only('user_admin'), only('user_admin')],
  sys_db_object: [only('personalize_dictionary'), everyone, only('personalize_dictionary'), admins],
  sys_choice: [only('personalize_dictionary'), everyone, only('personalize_dictionary'), only('personalize_dictionary')],
  sys_security_acl: [only('security_admin'), admins, only('security_admin'), only('security_admin')],
  sys_properties: [admins, everyone, admins, admins],
  sys_audit: [nobody, admins, nobody, nobody],
  sys_journal_field: [nobody, only('itil'), nobody, admins],
};

const sample: Readonly<Record<string, (label: string) => Record<string, string>>> = {
  incident: (label) => ({ short_description: label }),
  sys_user: (label) => ({ user_name: label }),
  sys_user_group: (label) => ({ name: label }),
  sys_user_role: (label) => ({ name: label }),
  sys_db_object: (label) => ({ name: label, label }),
  sys_choice: (label) => ({ name: 'incident', element: 'category', value: label, label }),
  sys_security_acl: (label) => ({ name: `u_${label}`, operation: 'read', active: 'false' }),
  sys_properties: (label) => ({ name: label, value: '1' }),
  sys_audit: () => ({}),
  sys_journal_field: () => ({}),
};

/** An element whose change says nothing about anything else. */
const touched: Readonly<Record<string, string>> = {
  incident: 'description',
  sys_user: 'title',
  sys_user_group: 'description',
  sys_user_role: 'description',
  sys_user_has_role: 'state',
  sys_db_object: 'label',
  sys_choice: 'hint',
  sys_security_acl: 'description',
  sys_properties: 'description',
  sys_audit: 'reason',
  sys_journal_field: 'value',
};

const callerOf = (role: Role): Caller =>
  callerWith(role === 'none' ? [] : [role], { userName: `a.${role}`, userSysId: role.padEnd(32, '0').replaceAll('_', '0') });

const succeeds = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    // Refused or as if it were not there; anything else is a failure of the test.
    if (isFault(error) && (error.kind === 'forbidden' || error.kind === 'not_found')) return false;
    throw error;
  }
};

forEachEngine((engine) => {
  describe('the matrix of rights', () => {
    let opened: Opened;
    let made = 0;
    before(async () => {
      opened = await openOn(engine);
      const { sysId } = await opened.records.insert(callerOf('admin'), 'incident', { short_description: 'seen' });
      await opened.records.update(callerOf('admin'), 'incident', sysId, { comments: 'first', short_description: 'seen again' });
    });
    after(() => opened.close());

    const valuesFor = async (table: string): Promise<Record<string, string>> => {
      made += 1;
      const label = `m${made}_x`;
      if (table !== 'sys_user_has_role') return sample[table]?.(label) ?? {};
      const user = await opened.records.insert(callerOf('admin'), 'sys_user', { user_name: label });
      const role = await opened.records.insert(callerOf('admin'), 'sys_user_role', { name: label });
      return { user: user.sysId, role: role.sysId };
    };

    /** A record that an operation may be tried on. */
    const recordOf = async (table: string): Promise<string> => {
      if (table !== 'sys_audit' && table !== 'sys_journal_field')
        return (await opened.records.insert(callerOf('admin'), table, await valuesFor(table))).sysId;
      const [row] = await opened.records.findBy(table, {}, { limit: 1 });
      assert.ok(row?.sys_id, table);
      return row.sys_id;
    };

    for (const [table, [creators, readers, writers, deleters]] of Object.entries(expected)) {
      for (const role of roles) {
        it(`${role} and ${table}`, async () => {
          const caller = callerOf(role);
          const { records } = opened;
          const may = {
            create: await succeeds(records.insert(caller, table, await valuesFor(table))),
            read: await succeeds(records.get(caller, table, await recordOf(table))),
            list: await succeeds(records.list(caller, { table, limit: 1 })),
            write: await succeeds(records.update(caller, table, await recordOf(table), { [touched[table] ?? '']: '1' })),
            delete: await succeeds(records.remove(caller, table, await recordOf(table))),
          };
          const reads = readers.includes(role);
          assert.deepEqual(may, {
            create: creators.includes(role),
            read: reads,
            // Of incidents everyone may list those that are his: an empty page is an answer too.
            list: reads || table === 'incident',
            write: writers.includes(role),
            delete: deleters.includes(role),
          });
        });
      }
    }
  });
});
