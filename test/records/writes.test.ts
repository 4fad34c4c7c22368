// What a write leaves behind: defaults, numbers, counters, cleaned values, secrets, journals, audit, and what is refused.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { isFault } from '../../src/kit/fault.ts';
import { verifyPassword } from '../../src/kit/password.ts';
import { makeSealer } from '../../src/kit/seal.ts';
import { systemCaller } from '../../src/records/caller.ts';
import { secretContext } from '../../src/records/keep_secrets.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith, type Opened, only, openOn, valuesOf } from './part.ts';

const admin = callerWith(['admin'], { userSysId: '6816f79cc0a8016401c5a33be04be441', userName: 'admin' });

/** What lies readable in the database of a property's values, now and in its audit. */
const plainIn = async ({ store }: Opened, property: string): Promise<string[]> => {
  const { name } = store.dialect;
  const rows = await store.read(
    `SELECT sys_id, ${name('value')} FROM sys_properties WHERE ${name('name')} = ${store.dialect.parameter(1)}`,
    [property],
  );
  const audited = await store.read(
    `SELECT oldvalue, newvalue FROM sys_audit WHERE fieldname = 'value' AND documentkey = ${store.dialect.parameter(1)}`,
    [rows[0]?.[0] ?? null],
  );
  return [rows[0]?.[1], ...audited.flat()].flatMap((text) => (text && text !== '********' ? [String(text)] : []));
};

const refused = (code: string) => (error: unknown) => isFault(error, code);

forEachEngine((engine) => {
  describe('a record that is written', () => {
    let opened: Opened;
    before(async () => {
      opened = await openOn(engine, { demoData: true });
    });
    after(() => opened.close());

    const create = async (values: Record<string, string | null>, table = 'incident') => {
      const made = await opened.records.insert(admin, table, values);
      return { sysId: made.sysId, row: only(made) as Record<string, string> };
    };
    const stored = async (table: string, sysId: string) => {
      const [row] = await opened.records.findBy(table, { sys_id: sysId });
      assert.ok(row);
      return row;
    };

    it('has the defaults of an incident', async () => {
      const { sysId } = await create({ short_description: 'bare' });
      const row = await stored('incident', sysId);
      const expected = {
        state: '1',
        incident_state: '1',
        impact: '3',
        urgency: '3',
        priority: '5',
        severity: '3',
        active: 'true',
        approval: 'not requested',
        upon_approval: 'proceed',
        upon_reject: 'cancel',
        escalation: '0',
        notify: '1',
        knowledge: 'false',
        made_sla: 'true',
        reassignment_count: '0',
        reopen_count: '0',
        child_incidents: '0',
        category: 'inquiry',
        business_stc: '',
        opened_at: '2026-11-01 08:00:00',
        opened_by: admin.userSysId,
        sys_class_name: 'incident',
        sys_mod_count: '0',
        sys_created_by: 'admin',
        sys_domain: 'global',
        sys_domain_path: '/',
      };
      for (const [element, value] of Object.entries(expected)) assert.equal(row[element], value, element);
      assert.match(row.number ?? '', /^INC00100\d\d$/);
      assert.equal(row.task_effective_number, row.number);
    });

    it('gets a number that nobody else has, however many are made at once', async () => {
      const other = await opened.openAgain();
      const made = await Promise.all(
        Array.from({ length: 40 }, (_, at) =>
          (at % 2 ? other : opened).records.insert(
            admin,
            'incident',
            { short_description: `race ${at}` },
            { fields: ['number'] },
          ),
        ),
      );
      await other.close();
      assert.equal(new Set(made.map((each) => only(each).number)).size, 40);
    });

    it('keeps a sys_id that comes with it, upper case too, and makes one where it is none', async () => {
      const wished = '0123456789ABCDEF0123456789abcdeZ';
      assert.equal((await create({ sys_id: wished })).sysId, wished);
      await assert.rejects(create({ sys_id: wished }), refused('records.duplicate'));
      assert.match((await create({ sys_id: "x' OR 1=1" })).sysId, /^[0-9a-f]{32}$/);
    });

    const lookups: Array<[impact: string, urgency: string, priority: string]> = [
      ['1', '1', '1'],
      ['1', '2', '2'],
      ['2', '1', '2'],
      ['2', '2', '3'],
      ['1', '3', '3'],
      ['3', '2', '4'],
      ['3', '3', '5'],
    ];
    for (const [impact, urgency, priority] of lookups) {
      it(`has priority ${priority} for impact ${impact} and urgency ${urgency}`, async () => {
        const { sysId } = await create({ impact, urgency });
        assert.equal((await stored('incident', sysId)).priority, priority);
      });
    }

    const cleaned: Array<[element: string, written: string | null, kept: string]> = [
      ['short_description', 'a\0b', 'ab'],
      ['short_description', 'x'.repeat(161), 'x'.repeat(160)],
      ['short_description', `${'x'.repeat(159)}😀`, 'x'.repeat(159)],
      ['short_description', '\ud800', '\ufffd'],
      ['state', '99', '1'],
      ['state', 'New', '1'],
      ['impact', "1'; DROP TABLE task; --", '3'],
      ['active', 'FALSE', 'false'],
      ['active', '0', 'false'],
      ['active', 'perhaps', 'true'],
      ['active', '', 'false'],
      ['order', '12.9', '12'],
      ['order', '1e3', '1000'],
      ['order', '99999999999', ''],
      ['order', 'NaN', ''],
      ['order', '-0', '0'],
      ['opened_at', '2026-02-31 00:00:00', '2026-11-01 08:00:00'],
      ['opened_at', '2026-02-03T04:05:06+02:00', '2026-02-03 02:05:06'],
      ['opened_at', '2026-02-03', '2026-02-03 00:00:00'],
      ['due_date', null, ''],
      ['calendar_duration', '1 02:03:04', '1970-01-02 02:03:04'],
      ['caller_id', 'not a sys_id', ''],
      ['caller_id', '6816f79cc0a8016401c5a33be04be441', '6816f79cc0a8016401c5a33be04be441'],
      ['watch_list', ' a, b ,,', 'a,b'],
      ['task_effective_number', 'mine', 'INC'],
      ['sys_created_by', 'eve', 'admin'],
      ['sys_mod_count', '77', '0'],
      ['sys_class_name', 'sys_user', 'incident'],
      ['number', 'INC7', 'INC7'],
      ['__proto__', 'x', ''],
      ['constructor', 'x', ''],
      ['no_such_field', 'x', ''],
      ['caller_id.name', 'x', ''],
    ];
    for (const [element, written, kept] of cleaned) {
      it(`keeps ${JSON.stringify(kept.slice(0, 30))} of ${element} ${JSON.stringify(written?.slice(0, 30) ?? null)}`, async () => {
        const { sysId } = await create(JSON.parse(`{${JSON.stringify(element)}:${JSON.stringify(written)}}`));
        const value = (await stored('incident', sysId))[element] ?? '';
        if (kept === 'INC') assert.match(value, /^INC\d{7}$/);
        else assert.equal(value, kept);
      });
    }

    it('takes display values where it is told to', async () => {
      const values = {
        state: 'in progress',
        caller_id: 'Nadia Brandt',
        opened_at: '2026-06-01 12:00:00',
        assignment_group: 'No such group',
      };
      const berlin = { ...admin, timeZone: 'Europe/Berlin' };
      const made = await opened.records.insert(berlin, 'incident', values, { valuesAreDisplay: true });
      const row = await stored('incident', made.sysId);
      const [nadia] = await opened.records.findBy('sys_user', { user_name: 'nadia.brandt' });
      assert.equal(row.state, '2');
      assert.equal(row.caller_id, nadia?.sys_id);
      assert.equal(row.opened_at, '2026-06-01 10:00:00');
      assert.equal(row.assignment_group, '');
    });

    it('refuses a text too long where a cut one would name somebody else', async () => {
      await assert.rejects(create({ user_name: 'u'.repeat(41) }, 'sys_user'), refused('records.value_too_long'));
    });

    it('refuses a second record with a key that is unique, whatever its case', async () => {
      await create({ user_name: 'Twice.Seen' }, 'sys_user');
      await assert.rejects(create({ user_name: 'twice.seen' }, 'sys_user'), refused('records.duplicate'));
    });

    it('refuses a user name that reads like that of another user', async () => {
      const alike = [
        'ｒｅａｄ.ligatur',
        'READ.LİGATUR',
        'read.lıgatur',
        'rea\u200bd.ligatur',
        ' read.ligatur',
        '\u202eread.ligatur',
        'ｒＥＡＤ.ligatur',
      ];
      const { sysId } = await create({ user_name: 'read.ligatur' }, 'sys_user');
      for (const name of alike)
        await assert.rejects(create({ user_name: name }, 'sys_user'), refused('records.value_refused'), name);
      await assert.rejects(create({ user_name: '\u200b\u2060' }, 'sys_user'), refused('records.value_refused'));
      await opened.records.update(admin, 'sys_user', sysId, { user_name: 'Straße.ﬁn' });
      await create({ user_name: 'READ.ligatur' }, 'sys_user');
      await assert.rejects(create({ user_name: 'strasse.fin' }, 'sys_user'), refused('records.duplicate'));
      await opened.records.update(admin, 'sys_user', sysId, { user_name: 'STRASSE.fin', title: 'the same one' });
      // Of two who were there before, the older one keeps others away.
      await create({ user_name: 'read.lgatur2' }, 'sys_user');
      const { name } = opened.store.dialect;
      await opened.store.write(async (transaction) => {
        await transaction.run("UPDATE sys_user SET user_name_key = NULL WHERE user_name IN ('READ.ligatur', 'read.lgatur2')");
        await transaction.run(`UPDATE sys_user SET ${name('user_name')} = 'READ.lıgatur' WHERE user_name = 'read.lgatur2'`);
      });
      const again = await opened.openAgain();
      await again.close();
      await assert.rejects(create({ user_name: 'ｒead.ligatur' }, 'sys_user'), refused('records.value_refused'));
      const keys = await opened.store.read(
        "SELECT user_name_key FROM sys_user WHERE user_name IN ('READ.ligatur', 'READ.lıgatur')",
      );
      assert.deepEqual(keys.flat().toSorted(), [null, 'read.ligatur']);
    });

    it('asks for mandatory fields by their labels', async () => {
      const made = create({ name: 'nameless' }, 'oidc_provider_configuration');
      await assert.rejects(made, (error: unknown) => {
        assert.ok(isFault(error, 'records.mandatory_missing'));
        assert.match(
          error.explanation ?? '',
          /^Data Policy Exception: The following fields are mandatory: .*OIDC Metadata URL.*User Claim/,
        );
        return true;
      });
    });

    for (const field of ['no_such_column', 'user_password', "email' OR '1'='1", 'sys_user.email', '__proto__']) {
      it(`refuses ${field} as the field by which a user is found`, async () => {
        const values = { name: 'x', oidc_url: 'https://idp.example/x', user_claim: 'sub', user_field: field };
        await assert.rejects(create(values, 'oidc_provider_configuration'), refused('records.value_refused'));
      });
    }

    it('counts changes, and a change that changes nothing is none', async () => {
      const { sysId } = await create({ short_description: 'one' });
      opened.clock.advance(60_000);
      await opened.records.update(admin, 'incident', sysId, { short_description: 'one', no_such_field: 'x', active: 'true' });
      assert.equal((await stored('incident', sysId)).sys_mod_count, '0');
      await opened.records.update(admin, 'incident', sysId, { short_description: 'two' });
      const row = await stored('incident', sysId);
      assert.equal(row.sys_mod_count, '1');
      assert.notEqual(row.sys_updated_on, row.sys_created_on);
    });

    it('is the same record through its parent table', async () => {
      const { sysId } = await create({ short_description: 'leaf', category: 'network' });
      await opened.records.update(admin, 'task', sysId, { short_description: 'root', state: '6', category: 'software' });
      const row = await stored('incident', sysId);
      assert.deepEqual([row.short_description, row.state, row.incident_state, row.category], ['root', '6', '6', 'network']);
      assert.equal(row.resolved_by, admin.userSysId);
      await opened.records.remove(admin, 'task', sysId);
      assert.deepEqual(await opened.records.findBy('incident', { sys_id: sysId }), []);
      assert.deepEqual(await opened.records.findBy('task', { sys_id: sysId }), []);
    });

    it('is closed and reopened as a whole', async () => {
      const { sysId } = await create({});
      await opened.records.update(admin, 'incident', sysId, { incident_state: '7' });
      const closed = await stored('incident', sysId);
      assert.deepEqual([closed.state, closed.active, closed.closed_by], ['7', 'false', admin.userSysId]);
      await opened.records.update(admin, 'incident', sysId, { state: '2' });
      const open = await stored('incident', sysId);
      assert.deepEqual([open.incident_state, open.active, open.closed_at, open.reopen_count], ['2', 'true', '', '1']);
    });

    it('keeps journal entries beside the record and shows none in it', async () => {
      const { sysId, row } = await create({ work_notes: 'looked at it', comments: 'hello' });
      assert.equal(row.work_notes ?? null, null);
      const entries = await opened.records.findBy('sys_journal_field', { element_id: sysId });
      assert.deepEqual(entries.map(({ element, value }) => `${element}: ${value}`).sort(), [
        'comments: hello',
        'work_notes: looked at it',
      ]);
    });

    it('leaves an audit row for each changed field, and never a secret in one', async () => {
      const { sysId } = await create({ user_name: 'watched', user_password: 'first secret' }, 'sys_user');
      await opened.records.update(admin, 'sys_user', sysId, { title: 'Clerk', user_password: 'second secret' });
      const rows = await opened.records.findBy('sys_audit', { documentkey: sysId });
      const title = rows.find((row) => row.fieldname === 'title');
      assert.deepEqual([title?.oldvalue, title?.newvalue, title?.user], ['', 'Clerk', 'admin']);
      const password = rows.find((row) => row.fieldname === 'user_password');
      assert.deepEqual([password?.oldvalue, password?.newvalue], ['********', '********']);
      assert.doesNotMatch(JSON.stringify(rows), /argon2|secret/);
    });

    it('hashes a password, ignores its mask, and clears it only by null', async () => {
      const { sysId } = await create({ user_name: 'hashed', user_password: 'open sesame' }, 'sys_user');
      const hash = async () => (await stored('sys_user', sysId)).user_password ?? '';
      const first = await hash();
      assert.equal(await verifyPassword('open sesame', first), true);
      for (const same of ['********', '']) {
        await opened.records.update(admin, 'sys_user', sysId, { user_password: same });
        assert.equal(await hash(), first);
      }
      // A hash that a caller brings is a password like any other.
      await opened.records.update(admin, 'sys_user', sysId, { user_password: first });
      assert.equal(await verifyPassword('open sesame', await hash()), false);
      await opened.records.update(admin, 'sys_user', sysId, { user_password: null });
      assert.equal(await hash(), '');
    });

    it('seals a two-way secret and answers a mask for it', async () => {
      const { sysId, row } = await create({ name: 'sealed app', client_secret: 's3cret' }, 'oauth_entity');
      assert.equal(row.client_secret, '********');
      const kept = (await stored('oauth_entity', sysId)).client_secret ?? '';
      assert.equal(opened.sealer.open(kept, secretContext({ table: 'oauth_entity', element: 'client_secret' })), 's3cret');
      const shown = await opened.records.list(admin, { table: 'oauth_entity', query: `sys_id=${sysId}`, display: 'all' });
      assert.doesNotMatch(JSON.stringify(shown.rows), /sealed\$|s3cret/);
    });

    it('seals the value of a property that is a password, whatever its type is made later', async () => {
      const read = async (name: string) => [await opened.properties.get(name), ...(await plainIn(opened, name))];
      const seen = async (sysId: string) =>
        JSON.stringify(
          (await opened.records.list(admin, { table: 'sys_properties', query: `sys_id=${sysId}`, display: 'all' })).rows,
        );
      for (const type of ['password', 'password2']) {
        const name = `test.${type}`;
        const { sysId, row } = await create({ name, type, value: 'first hush' }, 'sys_properties');
        assert.equal(row.value, '********');
        assert.deepEqual(await read(name), ['first hush']);
        await opened.records.update(admin, 'sys_properties', sysId, { value: '********', description: 'sent back' });
        assert.deepEqual(await read(name), ['first hush']);
        await opened.records.update(admin, 'sys_properties', sysId, { value: 'second hush', sealed_value: 'third hush' });
        assert.deepEqual(await read(name), ['second hush']);
        assert.doesNotMatch(await seen(sysId), /hush|sealed\$/);
        await opened.records.update(admin, 'sys_properties', sysId, { type: 'string' });
        assert.deepEqual(await read(name), ['']);
        await opened.records.update(admin, 'sys_properties', sysId, { value: 'an open hush' });
        await opened.records.update(admin, 'sys_properties', sysId, { type });
        assert.deepEqual(await read(name), ['an open hush']);
        assert.doesNotMatch(await seen(sysId), /hush|sealed\$/);
        await opened.records.update(admin, 'sys_properties', sysId, { value: '' });
        assert.deepEqual(await read(name), ['']);
      }
    });

    it('seals at a start what lies there plain, and reads the rest where a secret cannot be opened', async () => {
      const { sysId } = await create({ name: 'test.old', value: 'plain hush' }, 'sys_properties');
      await opened.records.update(admin, 'sys_properties', sysId, { value: 'plain again hush' });
      const { name } = opened.store.dialect;
      await opened.store.write((transaction) =>
        transaction.run(`UPDATE sys_properties SET ${name('type')} = 'password2' WHERE ${name('name')} = 'test.old'`, []),
      );
      assert.deepEqual(await plainIn(opened, 'test.old'), ['plain again hush', 'plain hush', 'plain again hush']);
      const again = await opened.openAgain();
      assert.deepEqual(await plainIn(opened, 'test.old'), []);
      assert.equal(await again.properties.get('test.old'), 'plain again hush');
      await again.close();
      const foreign = await opened.openAgain({ sealer: makeSealer(randomBytes(32)) });
      assert.equal(await foreign.properties.get('test.old'), '');
      assert.equal(await foreign.properties.get('com.snc.platform.security.oauth.is.active'), 'true');
      await foreign.close();
    });

    it('cannot be asked for or sorted by a secret', async () => {
      const secret = refused('records.field_not_readable');
      for (const query of ['client_secretSTARTSWITH$', 'nameLIKEa^ORclient_secretISNOTEMPTY', 'ORDERBYclient_secret']) {
        await assert.rejects(opened.records.list(admin, { table: 'oauth_entity', query }), secret, query);
      }
      await assert.rejects(opened.records.list(admin, { table: 'oauth_entity', query: 'user.user_passwordISNOTEMPTY' }), secret);
      const shown = await opened.records.list(admin, { table: 'oauth_entity', fields: ['user.user_password', 'name'] });
      assert.doesNotMatch(JSON.stringify(valuesOf(shown)), /argon2/);
    });

    it('is not there when a rule refused, and neither is anything else of the transaction', async () => {
      const before = (await opened.records.findBy('incident', {})).length;
      const work = opened.records.write(async (transaction) => {
        await opened.records.within(transaction).insert(systemCaller, 'incident', { short_description: 'gone' });
        throw new Error('on purpose');
      });
      await assert.rejects(work, /on purpose/);
      assert.equal((await opened.records.findBy('incident', {})).length, before);
    });

    it('does not hash inside a transaction', async () => {
      const work = opened.records.write((transaction) =>
        opened.records.within(transaction).insert(systemCaller, 'sys_user', { user_name: 'late', user_password: 'plain' }),
      );
      await assert.rejects(work, /must be hashed before the transaction/);
    });
  });

  describe('rules of other rooms', () => {
    it('run in order, may change values, may refuse, and see the change', async () => {
      const seen: string[] = [];
      const opened = await openOn(engine, {
        rules: [
          {
            name: 'witness',
            tables: ['task'],
            async prepare({ operation, values }) {
              seen.push(`prepare ${operation}`);
              if (values.short_description === 'prepared') values.description = 'by the rule';
            },
            async check(_transaction, { operation }) {
              seen.push(`check ${operation}`);
            },
            async applied(_transaction, change) {
              seen.push(`applied ${change.operation} ${change.table.name} ${change.changed.includes('description')}`);
            },
          },
        ],
      });
      const { sysId } = await opened.records.insert(admin, 'incident', { short_description: 'prepared' });
      await opened.records.update(admin, 'incident', sysId, { description: 'mine' });
      await opened.records.remove(admin, 'incident', sysId);
      assert.deepEqual(seen, [
        'prepare insert',
        'check insert',
        'applied insert incident true',
        'prepare update',
        'check update',
        'applied update incident true',
        'check delete',
        'applied delete incident false',
      ]);
      await opened.close();
    });
  });
});
