// The story of a clone: the database of yesterday is put back on one side, which stands still until it is adopted, and then both sides have the
// same again; a copy is started elsewhere, disturbs nobody, and is detached.
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../parts/engines.ts';
import { runCommand, startProcess } from '../../parts/instance_process.ts';
import { madeInstance } from '../../parts/made_instance.ts';
import { restoreSnapshot, takeSnapshot } from '../../parts/restored_database.ts';
import { adminPassword, makeClient } from '../../parts/running_instance.ts';
import { untilTrue } from '../../parts/until_true.ts';
import { openWholePair } from './pair.ts';
import { commentsOf, shareIncidents, type TiedTask, tie } from './shared_tasks.ts';
import { freePort, type WholeSide, type Words } from './side.ts';

const cases = 'sn_customerservice_case';

const one = async (side: WholeSide, table: string, sysId: string): Promise<Words> =>
  (await side.rows(table, `sys_id=${sysId}`))[0] ?? {};
const change = async (side: WholeSide, table: string, sysId: string, values: Words): Promise<void> =>
  assert.equal(await side.patch(table, `sys_id=${sysId}`, values), 200);

export const tellCloneStory = async (engine: Engine): Promise<void> => {
  const pair = await openWholePair(engine);
  const { provider, consumer } = pair;
  const limitMs = 30_000;
  const arrives = (side: WholeSide, table: string, sysId: string, field: string, value: string): Promise<void> =>
    untilTrue(async () => (await one(side, table, sysId))[field] === value, limitMs);
  try {
    await pair.register();
    const definition = await shareIncidents(pair);
    const [ours, theirs, third] = (await tie(pair, definition, ['ours', 'theirs', 'third'])) as [TiedTask, TiedTask, TiedTask];
    await pair.allUp();

    // Yesterday.
    await consumer.kill();
    const yesterday = await takeSnapshot(consumer.location);
    await consumer.start();

    // Today: one change from here and one from there, and a record that yesterday does not know.
    await change(consumer, 'incident', ours.incident, { short_description: 'today, ours', comments: 'said today' });
    await change(provider, cases, theirs.caseId, { description: 'today, theirs', comments: 'answered today' });
    const [fourth] = (await tie(pair, definition, ['fourth'])) as [TiedTask];
    await arrives(provider, cases, ours.caseId, 'short_description', 'today, ours');
    await arrives(consumer, 'incident', theirs.incident, 'description', 'today, theirs');
    await untilTrue(async () => (await commentsOf(provider, ours.caseId)).includes('said today'), limitMs);

    // The database of yesterday comes up, and stands still.
    await consumer.kill();
    await restoreSnapshot(consumer.location, yesterday);
    await consumer.start();
    const status = await consumer.command('exchange', 'status');
    assert.equal(status.code, 3, status.stdout);
    assert.match(
      status.stdout,
      /QUARANTINED[\s\S]*an older or another one was put in its place[\s\S]*causeway exchange adopt[\s\S]*causeway exchange detach/,
    );
    await untilTrue(async () => (await pair.report(consumer)).outbound.reason === 'quarantined', limitMs);
    await change(consumer, 'incident', third.incident, { short_description: 'while it stood still' });
    await change(provider, cases, third.caseId, { description: 'said to a wall' });
    const refused = `pause_code=exchange.incarnation_mismatch`;
    await untilTrue(async () => (await provider.count('sn_transport_profile', refused)) === 1, limitMs);
    const told = await pair.doctor(provider);
    assert.equal(told.code, 3, told.stdout);
    assert.match(told.stdout, /ID-01[\s\S]*adopt[\s\S]*detach/);
    const page = await consumer.ask('/exchange_status.do', { headers: { accept: 'text/html' } });
    assert.match(page.text, /This instance is quarantined/);
    assert.equal((await consumer.command('exchange', 'probe', pair.number)).code, 0);
    assert.equal((await one(provider, cases, third.caseId)).short_description, 'third', 'nothing goes out');
    assert.equal((await one(consumer, 'incident', third.incident)).description, '', 'nothing is taken');

    // It is the successor.
    const planned = await consumer.command('exchange', 'adopt', '--dry-run');
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(planned.stdout, /would go on as [0-9a-f]{32}, incarnation 2\.\d+[\s\S]*compare every lane/);
    assert.equal((await pair.report(consumer)).outbound.reason, 'quarantined');
    const adopted = await consumer.command('exchange', 'adopt', '--json');
    assert.equal(adopted.code, 0, adopted.stderr);
    assert.equal(JSON.parse(adopted.stdout).applied, true);
    assert.match(JSON.parse(adopted.stdout).to, /^2\.\d+\.[0-9a-f]{8}$/);
    assert.equal((await consumer.command('exchange', 'adopt')).code, 1, 'once is enough');
    await pair.allUp();

    // Both have the same again: what was lost in either direction, and what was said meanwhile.
    await arrives(consumer, 'incident', ours.incident, 'short_description', 'today, ours');
    await arrives(consumer, 'incident', theirs.incident, 'description', 'today, theirs');
    await arrives(consumer, 'incident', third.incident, 'description', 'said to a wall');
    await arrives(provider, cases, third.caseId, 'short_description', 'while it stood still');
    await untilTrue(async () => (await commentsOf(consumer, theirs.incident)).includes('answered today'), limitMs);
    const notes = await consumer.rows('sys_journal_field', `element_id=${ours.incident}^element=work_notes`, 'value');
    assert.ok(
      notes.some(({ value = '' }) => /The database was restored: the peer has/.test(value)),
      JSON.stringify(notes),
    );
    const [row] = await consumer.rows('sn_sb_connection', '', 'resume_report,resume_due');
    assert.match(row?.resume_report ?? '', /sent again by the peer[\s\S]*go on behind \d+ messages/);
    await change(consumer, 'incident', ours.incident, { short_description: 'tomorrow, ours' });
    await change(provider, cases, ours.caseId, { description: 'tomorrow, theirs' });
    await arrives(provider, cases, ours.caseId, 'short_description', 'tomorrow, ours');
    await arrives(consumer, 'incident', ours.incident, 'description', 'tomorrow, theirs');
    assert.deepEqual(await commentsOf(provider, theirs.caseId), ['answered today'], 'once');
    // What nobody here remembers is loud at the peer.
    await change(provider, cases, fourth.caseId, { description: 'whom do you mean?' });
    await untilTrue(
      async () => (await provider.count('sn_transport_queue', 'error_code=exchange.correlation_unknown')) > 0,
      limitMs,
    );

    await tellOfCopy(engine, pair.number, provider, consumer);
    await pair.allUp();
  } finally {
    await pair.close();
  }
};

/** Elsewhere a copy of the consumer starts, with its key, under another address. */
const tellOfCopy = async (engine: Engine, number: string, provider: WholeSide, consumer: WholeSide): Promise<void> => {
  const copied = await madeInstance(engine);
  const data = await mkdtemp(join(tmpdir(), 'causeway-copy-'));
  await cp(consumer.data, data, { recursive: true });
  await restoreSnapshot(copied.location, await takeSnapshot(consumer.location));
  const port = await freePort();
  const place = ['--port', String(port), '--base-url', 'https://copy.example', '--data', data, '--database', copied.location];
  const copy = await startProcess(['start', ...place], { CAUSEWAY_ADMIN_PASSWORD: adminPassword });
  try {
    const address = `http://127.0.0.1:${port}`;
    const command = (...args: string[]) =>
      runCommand([...args, '--instance', address, '--user', 'admin', '--password', adminPassword]);
    assert.match(copy.stdout(), /Service Exchange is quarantined: .*causeway exchange adopt.*causeway exchange detach/);
    const planned = await command('exchange', 'detach', '--dry-run');
    assert.match(planned.stdout, new RegExp(`${number}: would remove`));
    const before = await provider.rows('sn_sb_connection', '', 'state,peer_incarnation,stale_incarnation');
    const detached = await command('exchange', 'detach');
    assert.equal(detached.code, 0, detached.stderr);
    assert.match(detached.stdout, /Detached: this is [0-9a-f]{32} now/);
    const ask = makeClient(address);
    assert.deepEqual((await ask('/api/sn_sb/exchange_admin/connections')).json.result, []);
    const identity = (await ask('/api/sn_sb/exchange_identity')).json.result;
    assert.deepEqual([identity.quarantined, identity.incarnation.split('.')[0]], [false, '1']);
    const [connection] = await provider.rows('sn_sb_connection', '', 'state,stale_incarnation');
    assert.deepEqual([connection?.state, connection?.stale_incarnation], ['onboarded', before[0]?.stale_incarnation]);
    assert.equal((await consumer.rows('sn_sb_connection', '', 'state'))[0]?.state, 'onboarded', 'the original hears of nothing');
  } finally {
    await copy.kill();
    await copied.drop();
    await rm(data, { recursive: true, force: true });
  }
};
