// Rules for fields that hold in some rows only, and rules for queries: what is shown, asked about and written, on both engines.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Caller } from '../../src/records/caller.ts';
import { makeJsonPresenter } from '../../src/records/present/json.ts';
import { xmlList } from '../../src/records/present/xml.ts';
import { forEachEngine } from '../parts/engines.ts';
import { type Opened, openOn } from './part.ts';

const person = (userName: string, ...roles: string[]): Caller => ({
  userSysId: userName.padEnd(32, '0'),
  userName,
  displayName: userName,
  roles: new Set(roles),
  timeZone: 'UTC',
  isSystem: false,
  origin: '',
});

const admin = person('admin', 'admin', 'security_admin');
const ada = person('ada');
const ben = person('ben');

const refused = (code: string) => (error: unknown) => (error as { code?: string }).code === code;

forEachEngine((engine) => {
  let opened: Opened;
  let mine: string;
  const table = 'u_pay';

  const insert = async (into: string, values: Record<string, string>, caller: Caller = admin): Promise<string> =>
    (await opened.records.insert(caller, into, values)).sysId;
  const rule = (values: Record<string, string>) => insert('sys_security_acl', { operation: 'read', ...values });
  const forget = (sysId: string) => opened.records.remove(admin, 'sys_security_acl', sysId);
  const json = async (caller: Caller, request: { query?: string; fields?: string[] } = {}) => {
    const selection = await opened.records.list(caller, { table, ...request });
    const options = {
      dictionary: opened.records.dictionary(),
      display: 'false',
      excludeLinks: true,
      linkBase: '',
      timeZone: 'UTC',
    } as const;
    return { selection, options, rows: JSON.parse(makeJsonPresenter().list(selection, options)) as Record<string, string>[] };
  };

  before(async () => {
    opened = await openOn(engine);
    await insert('sys_db_object', { name: table, label: 'Pay' });
    for (const element of ['u_who', 'u_salary', 'u_note'])
      await insert('sys_dictionary', { name: table, element, internal_type: element === 'u_salary' ? 'integer' : 'string' });
    for (const operation of ['read', 'create', 'write', 'delete']) await rule({ name: table, operation });
    mine = await insert(table, { u_who: 'ada', u_salary: '100', u_note: 'a' });
    await insert(table, { u_who: 'ben', u_salary: '200', u_note: 'b' });
  });
  after(() => opened.close());

  describe('a field rule with a condition', () => {
    let acl: string;
    before(async () => {
      acl = await rule({ name: `${table}.u_salary`, condition: 'u_who=javascript:gs.getUserName()' });
    });
    after(() => forget(acl));

    for (const fields of [undefined, ['u_who', 'u_salary'], ['u_salary']]) {
      it(`shows the field where it holds, and leaves its name out elsewhere, asked for ${fields ?? 'all'}`, async () => {
        for (const [caller, own] of [
          [ada, '100'],
          [ben, '200'],
        ] as const) {
          const { rows } = await json(caller, { query: 'ORDERBYu_who', fields: fields && ['u_who', ...fields] });
          assert.equal(rows.length, 2);
          for (const row of rows)
            assert.deepEqual(
              [row.u_salary, Object.hasOwn(row, 'u_salary')],
              row.u_who === caller.userName ? [own, true] : [undefined, false],
            );
        }
        assert.deepEqual(
          (await json(admin, { query: 'ORDERBYu_who' })).rows.map((row) => row.u_salary),
          ['100', '200'],
        );
      });
    }

    it('says the same in XML, page by page and of one record', async () => {
      const { selection, options } = await json(ada, { fields: ['u_who', 'u_salary'], query: 'ORDERBYu_who' });
      assert.match(
        xmlList(selection, options),
        /<u_who>ada<\/u_who><u_salary>100<\/u_salary><\/result><result><u_who>ben<\/u_who><\/result>/,
      );
      const page = await opened.records.list(ada, {
        table,
        fields: ['u_salary'],
        query: 'u_note=b',
        limit: 1,
        offset: 0,
        withCount: true,
      });
      assert.equal(page.total, 1);
      assert.equal(makeJsonPresenter().list(page, options), '[{}]');
      const one = await opened.records.get(ben, table, mine, { fields: ['u_note', 'u_salary'] });
      assert.equal(makeJsonPresenter().one(one, options), '{"u_note":"a"}');
    });

    it('lets nobody ask about the field, order by it or measure it', async () => {
      for (const query of ['u_salary>150', 'u_salary=200', 'ORDERBYu_salary', '123TEXTQUERY321=ada^u_salary=1'])
        await assert.rejects(opened.records.list(ada, { table, query }), refused('records.field_not_readable'), query);
      await assert.rejects(
        opened.records.list(ada, { table, filters: [['u_salary', '200']] }),
        refused('records.field_not_readable'),
      );
      const nothing = { count: true, avg: [], min: [], max: ['u_salary'], sum: [], groupBy: ['u_salary'], having: [], order: [] };
      const { groups, figures } = await opened.records.figures(ada, { table, ...nothing });
      assert.deepEqual([groups, figures.map(({ measure }) => measure)], [[], ['count']]);
      assert.equal((await opened.records.list(admin, { table, query: 'u_salary>150' })).rows.length, 1);
    });

    it('is told among the fields of the table', async () => {
      assert.ok((await opened.records.readableFields(ada, table)).some(({ field }) => field.element === 'u_salary'));
    });
  });

  describe('a field rule for writing with a condition', () => {
    let acl: string;
    before(async () => {
      acl = await rule({ name: `${table}.u_note`, operation: 'write', condition: 'u_who=javascript:gs.getUserName()' });
    });
    after(() => forget(acl));

    it('judges the record as it is before the change', async () => {
      const write = async (caller: Caller, u_note: string) => {
        await opened.records.update(caller, table, mine, { u_note, u_salary: '101' });
        const [row] = await opened.records.findBy(table, { sys_id: mine });
        return [row?.u_note, row?.u_salary];
      };
      assert.deepEqual(await write(ben, 'from ben'), ['a', '101']);
      assert.deepEqual(await write(ada, 'from ada'), ['from ada', '101']);
      await opened.records.write((transaction) =>
        opened.records
          .within(transaction)
          .update(ben, table, mine, { u_note: 'within' })
          .then(() => undefined),
      );
      assert.deepEqual(await write(ben, 'again'), ['from ada', '101']);
    });

    it('judges a new record as it was stored, and undoes it', async () => {
      assert.ok(await insert(table, { u_who: 'ada', u_note: 'mine' }, ada));
      await assert.rejects(insert(table, { u_who: 'ben', u_note: 'not mine' }, ada), refused('records.insert_refused'));
      assert.equal((await opened.records.findBy(table, { u_note: 'not mine' })).length, 0);
      assert.ok(await insert(table, { u_who: 'ben' }, ada), 'without the field nothing forbids it');
    });
  });

  describe('rules for queries', () => {
    const may = async (caller: Caller, query: string): Promise<boolean> => {
      try {
        await opened.records.list(caller, { table, query });
        return true;
      } catch (error) {
        assert.ok(refused('records.field_not_readable')(error), String(error));
        return false;
      }
    };
    const matches = [
      'u_salary=1',
      'u_salary!=1',
      'u_salaryIN1,2',
      'u_salaryNOT IN1',
      'u_salaryISEMPTY',
      'u_salaryISNOTEMPTY',
      'u_salaryANYTHING',
      'u_salarySAMEASu_salary',
    ];
    const ranges = [
      'u_salary>1',
      'u_salary<=1',
      'u_salaryBETWEEN1@2',
      'u_salarySTARTSWITH1',
      'u_salaryLIKE1',
      'u_salaryGT_FIELDu_salary',
      'ORDERBYu_salary',
      'ORDERBYDESCu_salary',
    ];

    it('forbid ranges and orders, or exact values, to those who do not pass them, and nothing else', async () => {
      const [role] = await opened.records.findBy('sys_user_role', { name: 'itil' });
      for (const [operation, forbidden, allowed] of [
        ['query_range', ranges, matches],
        ['query_match', matches, ranges],
      ] as const) {
        for (const query of [...forbidden, ...allowed]) assert.ok(await may(ada, query), query);
        const acl = await rule({ name: `${table}.u_salary`, operation });
        await insert('sys_security_acl_role', { sys_security_acl: acl, sys_user_role: role?.sys_id ?? '' });
        for (const query of forbidden) assert.ok(!(await may(ada, query)), query);
        for (const query of allowed) assert.ok(await may(ada, query), query);
        for (const query of [...forbidden, ...allowed]) assert.ok(await may(person('ivy', 'itil'), query), query);
        assert.ok(await may(admin, forbidden[0] ?? ''));
        assert.ok(await may(ada, 'u_noteLIKEa^ORDERBYu_note'), 'another field');
        assert.equal((await json(ada)).rows.length > 1, true, 'what is read is read all the same');
        await forget(acl);
      }
    });

    it('speak of whole tables, of every field, and of fields behind references', async () => {
      for (const name of [table, `${table}.*`, '*', '*.*']) {
        const acl = await rule({ name, operation: 'query_range', condition: 'u_who=ada' });
        assert.deepEqual([await may(ada, 'u_note>a'), await may(ada, 'u_note=a')], [false, true], name);
        await forget(acl);
      }
      const acl = await rule({ name: 'sys_user.email', operation: 'query_range', condition: 'active=maybe' });
      const query = (text: string) => opened.records.list(person('ivy', 'itil'), { table: 'incident', query: text });
      await assert.rejects(query('caller_id.emailSTARTSWITHa'), refused('records.field_not_readable'));
      assert.ok(await query('caller_id.email=a@b.example'));
      await forget(acl);
    });

    it('leave a field out of the search for words', async () => {
      const search = async (caller: Caller) =>
        (await opened.records.list(caller, { table, query: '123TEXTQUERY321=mine' })).rows.length;
      assert.equal(await search(ada), 1);
      const acl = await rule({ name: `${table}.u_note`, operation: 'query_range', condition: 'u_who=ada' });
      assert.deepEqual([await search(ada), await search(admin)], [0, 1]);
      await forget(acl);
    });
  });
});
