// GlideRecord and its relatives over a real record layer, on both engines.
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { systemCaller } from '../../src/records/caller.ts';
import { makeMomentFormats } from '../../src/records/moment_formats.ts';
import { forEachEngine } from '../parts/engines.ts';
import { callerWith } from '../records/part.ts';
import { madeBy, openWorld } from './part.ts';

forEachEngine((engine) => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  before(async () => {
    world = await openWorld(engine);
    for (let at = 1; at <= 5; at += 1) {
      await world.records.insert(systemCaller, 'sys_user', {
        user_name: `user.${at}`,
        first_name: 'User',
        last_name: `N${at}`,
        email: `u${at}@example.com`,
      });
    }
  });
  after(() => world.close());
  const run = async (source: string) => madeBy(await world.admin(source));

  it('walks over what a query finds, in order', async () => {
    const names = await run(`(function () {
      var names = [];
      var gr = new GlideRecord('sys_user');
      gr.addQuery('user_name', 'STARTSWITH', 'user.');
      gr.orderByDesc('user_name');
      gr.setLimit(3);
      gr.query();
      while (gr.next()) names.push(gr.getValue('user_name') + ' ' + gr.email);
      return names;
    })();`);
    assert.deepEqual(names, ['user.5 u5@example.com', 'user.4 u4@example.com', 'user.3 u3@example.com']);
  });

  it('joins conditions by AND, and addOrCondition by OR', async () => {
    const count = await run(`
      var gr = new GlideRecord('sys_user');
      gr.addQuery('user_name', 'user.1').addOrCondition('user_name', 'user.2').addOrCondition('user_name', 'user.3');
      gr.addQuery('last_name', 'IN', ['N2', 'N3', 'N4']);
      gr.query();
      gr.getRowCount();`);
    assert.equal(count, 2);
  });

  it('inserts, reads back, updates and deletes', async () => {
    const seen = await run(`
      var gr = new GlideRecord('incident');
      gr.initialize();
      gr.short_description = 'From a script';
      gr.setValue('impact', 2);
      var id = gr.insert();
      var again = new GlideRecord('incident');
      var found = again.get(id);
      again.short_description = 'Changed';
      var differs = again.short_description.changes() + ' ' + again.impact.changes();
      again.update();
      var third = new GlideRecord('incident');
      third.get('sys_id', id);
      var text = '' + third.short_description;
      var isGone = third.deleteRecord() && !new GlideRecord('incident').get(id);
      [found, differs, text, third.getValue('impact'), isGone, id === third.getUniqueValue()];`);
    assert.deepEqual(seen, [true, 'true false', 'Changed', '2', true, true]);
  });

  it('dot-walks, and shows references and choices as people see them', async () => {
    const seen = await run(`
      var user = new GlideRecord('sys_user');
      user.get('user_name', 'user.1');
      var gr = new GlideRecord('incident');
      gr.initialize();
      gr.caller_id = user.sys_id;
      gr.state = '1';
      gr.insert();
      [gr.caller_id.email.toString(), gr.caller_id.getDisplayValue(), gr.getDisplayValue('state'), '' + gr.caller_id.manager.email, gr.caller_id.getRefRecord().getValue('last_name')];`);
    assert.deepEqual(seen, ['u1@example.com', 'User N1', 'New', '', 'N1']);
  });

  it('sees every record of a query although it changes what the query asks for, beyond one batch', async () => {
    await world.records.write(async (transaction) => {
      const within = world.records.within(transaction);
      for (let at = 0; at < 450; at += 1)
        await within.insert(systemCaller, 'sys_user_group', { name: `Many ${at}`, description: 'old' });
    });
    const outcome = await world.admin(`
      var gr = new GlideRecord('sys_user_group');
      gr.addQuery('description', 'old');
      gr.query();
      var total = gr.getRowCount();
      var seen = 0;
      while (gr.next()) { gr.description = 'new'; if (gr.update()) seen++; }
      [total, seen];`);
    assert.deepEqual(madeBy(outcome), [450, 450]);
    assert.equal((await world.records.find('sys_user_group', 'description=old')).length, 0);
    const multiple = await run(`
      var gr = new GlideRecord('sys_user_group');
      gr.addQuery('name', 'STARTSWITH', 'Many ');
      gr.deleteMultiple();
      gr.query();
      gr.getRowCount();`);
    assert.equal(multiple, 0);
  });

  it('never lets a value end its own condition', async () => {
    const count = await run(`
      var gr = new GlideRecord('sys_user');
      gr.addQuery('user_name', 'nobody^ORuser_nameSTARTSWITHuser');
      gr.query();
      gr.getRowCount();`);
    assert.equal(count, 0);
  });

  it('deletes nothing when a condition is not understood', async () => {
    const before = (await world.records.find('sys_user', 'user_nameSTARTSWITHuser.')).length;
    await run(`var gr = new GlideRecord('sys_user'); gr.addEncodedQuery('no_such_field=1'); gr.deleteMultiple(); 1`);
    assert.equal((await world.records.find('sys_user', 'user_nameSTARTSWITHuser.')).length, before);
  });

  it('is bound by the rights of its caller', async () => {
    const [target] = await world.records.findBy('sys_user', { user_name: 'user.2' });
    const outcome = await world.as(callerWith([]))(`
      var gr = new GlideRecord('sys_user');
      var found = gr.get('${target?.sys_id}');
      gr.last_name = 'Taken';
      var updated = gr.update();
      [updated, gr.canWrite(), gr.canCreate(), gr.getLastErrorMessage() !== '', new GlideRecord('oauth_entity').canRead()];`);
    assert.deepEqual(madeBy(outcome), [null, false, false, true, false]);
    assert.equal((await world.records.findBy('sys_user', { user_name: 'user.2' }))[0]?.last_name, 'N2');
  });

  it('writes nothing after setAbortAction', async () => {
    const seen = await run(`
      var gr = new GlideRecord('sys_user');
      gr.get('user_name', 'user.3');
      gr.last_name = 'Aborted';
      gr.setAbortAction(true);
      gr.update();`);
    assert.equal(seen, null);
    assert.equal((await world.records.findBy('sys_user', { user_name: 'user.3' }))[0]?.last_name, 'N3');
  });

  it('answers null or false, not an error, for what is not there', async () => {
    const seen = await run(`
      var none = new GlideRecord('no_such_table');
      var gr = new GlideRecord('sys_user');
      [none.isValid(), gr.get('0123456789abcdef0123456789abcdef'), gr.isValidRecord(), gr.isValidField('email'), gr.isValidField('nonsense'), gr.next(), gr.nonsense === undefined];`);
    assert.deepEqual(seen, [false, false, false, true, false, false, true]);
  });

  it('is walked over by its fields, and copied by them', async () => {
    const seen = await run(`
      var gr = new GlideRecord('sys_user');
      gr.get('user_name', 'user.4');
      var copy = {}, names = [];
      for (var field in gr) { names.push(field); copy[field] = '' + gr[field]; }
      [names.indexOf('user_name') >= 0, names.indexOf('addQuery'), copy.user_name, Object.keys(gr).length === names.length,
        'user_name' in gr || gr.isValidField('user_name'), JSON.parse(JSON.stringify(gr)).user_name, Object.keys(new GlideRecord('nowhere'))];`);
    assert.deepEqual(seen, [true, -1, 'user.4', true, true, 'user.4', []]);
  });

  it('knows booleans: by value as 1 and 0, compared with true', async () => {
    const seen = await run(`
      var gr = new GlideRecord('sys_user');
      gr.get('user_name', 'user.4');
      [gr.getValue('active'), gr.active == true, '' + gr.active, gr.active.getDisplayValue()];`);
    assert.deepEqual(seen, ['1', true, 'true', 'true']);
  });

  it('groups and counts with GlideAggregate', async () => {
    const seen = await run(`
      var ga = new GlideAggregate('sys_user');
      ga.addQuery('user_name', 'STARTSWITH', 'user.');
      ga.addAggregate('COUNT');
      ga.groupBy('first_name');
      ga.query();
      ga.next();
      [ga.getAggregate('COUNT'), ga.getValue('first_name'), ga.first_name, ga.first_name.getDisplayValue(), ga.hasNext()];`);
    assert.deepEqual(seen, ['5', 'User', 'User', 'User', false]);
  });

  it('finds script includes by name, and what they in turn use, as they are now', async () => {
    const base = `var BaseGreeter = Class.create(); BaseGreeter.prototype = { initialize: function (name) { this.name = name; }, greet: function () { return 'Hello ' + this.name; }, type: 'BaseGreeter' };`;
    const derived = `var LoudGreeter = Class.create(); LoudGreeter.prototype = Object.extendsObject(BaseGreeter, { greet: function () { return BaseGreeter.prototype.greet.call(this).toUpperCase(); }, type: 'LoudGreeter' });`;
    await world.records.insert(systemCaller, 'sys_script_include', { name: 'BaseGreeter', script: base });
    const { sysId } = await world.records.insert(systemCaller, 'sys_script_include', { name: 'LoudGreeter', script: derived });
    assert.deepEqual(await run(`var one = new LoudGreeter('you'); [one.greet(), one instanceof LoudGreeter, one.type];`), [
      'HELLO YOU',
      true,
      'LoudGreeter',
    ]);
    await world.records.update(systemCaller, 'sys_script_include', sysId, { active: 'false' });
    const gone = await world.admin(`new LoudGreeter('you')`);
    assert.equal(gone.fault?.code, 'scripting.uncaught');
    assert.match(gone.thrown?.message ?? '', /LoudGreeter/);
  });

  it('counts reads and records against the limits', async () => {
    const queries = await world.admin(
      `for (;;) { try { new GlideRecord('sys_user').get('user_name', 'user.1'); } catch (e) {} }`,
      { limits: { queries: 20 } },
    );
    assert.equal(queries.fault?.code, 'scripting.too_many_queries');
    assert.equal(queries.queries, 21);
    const rows = await world.admin(`var gr = new GlideRecord('sys_user'); gr.query(); while (gr.next()); 1`, {
      limits: { rows: 3 },
    });
    assert.equal(rows.fault?.code, 'scripting.too_many_rows');
  });

  it('reads properties and the user, and makes dates in the caller’s zone', async () => {
    const seen = await run(
      `[gs.getUserName(), gs.hasRole('itil'), gs.getProperty('no.such', 'otherwise'), gs.nowDateTime(), gs.beginningOfToday(), gs.daysAgo(1), new GlideDateTime('2026-07-01 12:00:00').getDisplayValue()]`,
    );
    assert.deepEqual(seen, [
      'admin',
      true,
      'otherwise',
      '2026-11-01 09:00:00',
      '2026-10-31 23:00:00',
      '2026-10-31 08:00:00',
      '2026-07-01 14:00:00',
    ]);
  });

  it('shows and reads moments in the format of the caller, and knows what is no moment', async () => {
    const formats = makeMomentFormats('dd.MM.yyyy', 'hh:mm:ss a');
    const gerda = world.as(callerWith(['admin'], { userName: 'gerda', timeZone: 'Europe/Berlin', formats }));
    const seen = madeBy(
      await gerda(`
      var at = new GlideDateTime('2026-07-01 12:00:00'), written = new GlideDateTime(), stored = new GlideDateTime(), wrong = new GlideDateTime();
      written.setDisplayValue('01.07.2026 02:00:00 PM');
      stored.setDisplayValue('2026-07-01 14:00:00');
      wrong.setDisplayValue('the other day');
      var far = new GlideDateTime(1e18), moved = new GlideDateTime(at);
      moved.addYears(1e9);
      [at.getDisplayValue(), at.getDisplayValueInternal(), at.getLocalDate().getDisplayValue(), written.getValue(), stored.getValue(),
        wrong.isValid(), wrong.getValue() + wrong.getDisplayValue(), far.isValid(), far.getDisplayValue(), moved.isValid(), moved.getTZOffset()];`),
    );
    const moment = '2026-07-01 12:00:00';
    assert.deepEqual(seen, [
      '01.07.2026 02:00:00 PM',
      '2026-07-01 14:00:00',
      '01.07.2026',
      moment,
      moment,
      false,
      '',
      false,
      '',
      false,
      0,
    ]);
  });
});
