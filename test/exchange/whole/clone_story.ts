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

const one = async ({ side, table, of }: End, task: TiedTask): Promise<Words> =>
  (await side.rows(table, `sys_id=${of(task)}`))[0] ?? {};
const change = async ({ side, table, of }: End, task: TiedTask, values: Words): Promise<void> =>
  assert.equal(await side.patch(table, `sys_id=${of(task)}`, values), 200);

/** One of the two, its table, and its record of a pair. */
interface End {
  readonly side: WholeSide;
  readonly table: string;
  of(task: TiedTask): string;
}

/** `restored`: whose database it is. */
export const tellCloneStory = async (engine: Engine, restored: WholeSide['name'] = 'consumer'): Promise<void> => {
  const pair = await openWholePair(engine);
  const { provider, consumer } = pair;
  const atConsumer: End = { side: consumer, table: 'incident', of: ({ incident }) => incident };
  const atProvider: End = { side: provider, table: cases, of: ({ caseId }) => caseId };
  const [own, peer] = restored === 'consumer' ? [atConsumer, atProvider] : [atProvider, atConsumer];
  const limitMs = 60_000;
  const arrives = (end: End, task: TiedTask, field: string, value: string): Promise<void> =>
    untilTrue(async () => (await one(end, task))[field] === value, limitMs);
  try {
    await pair.register();
    const definition = await shareIncidents(pair);
    const [ours, theirs, third] = (await tie(pair, definition, ['ours', 'theirs', 'third'])) as [TiedTask, TiedTask, TiedTask];
    await pair.allUp();

    // Yesterday.
    await own.side.kill();
    const yesterday = await takeSnapshot(own.side.location);
    await own.side.start();

    // Today: one change from here and one from there, and a record that yesterday does not know.
    await change(own, ours, { short_description: 'today, ours', comments: 'said today' });
    await change(peer, theirs, { description: 'today, theirs', comments: 'answered today' });
    const [fourth] = (await tie(pair, definition, ['fourth'])) as [TiedTask];
    const about = `table_name=${own.table}&table_sys_id=${own.of(ours)}&file_name=today.txt`;
    const attached = await own.side.ask(`/api/now/attachment/file?${about}`, {
      headers: { 'content-type': 'text/plain' },
      body: 'today',
    });
    assert.equal(attached.status, 201, attached.text);
    const hasFile = (end: End): Promise<void> =>
      untilTrue(
        async () => (await end.side.count('sys_attachment', `table_sys_id=${end.of(ours)}^file_name=today.txt`)) === 1,
        limitMs,
      );
    await hasFile(peer);
    await arrives(peer, ours, 'short_description', 'today, ours');
    await arrives(own, theirs, 'description', 'today, theirs');
    await untilTrue(async () => (await commentsOf(peer.side, peer.of(ours))).includes('said today'), limitMs);

    // The database of yesterday comes up, and stands still.
    await own.side.kill();
    await restoreSnapshot(own.side.location, yesterday);
    await own.side.start();
    const status = await own.side.command('exchange', 'status');
    assert.equal(status.code, 3, status.stdout);
    assert.match(
      status.stdout,
      /QUARANTINED[\s\S]*an older or another one was put in its place[\s\S]*causeway exchange adopt[\s\S]*causeway exchange detach/,
    );
    await untilTrue(async () => (await pair.report(own.side)).outbound.reason === 'quarantined', limitMs);
    await change(own, third, { short_description: 'while it stood still' });
    await change(peer, third, { description: 'said to a wall' });
    const refused = `pause_code=exchange.incarnation_mismatch`;
    await untilTrue(async () => (await peer.side.count('sn_transport_profile', refused)) === 1, limitMs);
    const told = await pair.doctor(peer.side);
    assert.equal(told.code, 3, told.stdout);
    assert.match(told.stdout, /ID-01[\s\S]*adopt[\s\S]*detach/);
    const page = await own.side.ask('/exchange_status.do', { headers: { accept: 'text/html' } });
    assert.match(page.text, /This instance is quarantined/);
    const probed = await own.side.ask(`/api/sn_sb/exchange_admin/connections/${pair.number}/probe`, { method: 'POST' });
    assert.equal(probed.json.result.outbound.reason, 'quarantined');
    assert.equal((await one(peer, third)).short_description, 'third', 'nothing goes out');
    assert.equal((await one(own, third)).description, '', 'nothing is taken');

    // It is the successor.
    const planned = await own.side.command('exchange', 'adopt', '--dry-run');
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(planned.stdout, /would go on as [0-9a-f]{32}, incarnation 2\.\d+[\s\S]*compare every lane/);
    assert.equal((await pair.report(own.side)).outbound.reason, 'quarantined');
    const adopted = await own.side.command('exchange', 'adopt', '--json');
    assert.equal(adopted.code, 0, adopted.stderr);
    assert.equal(JSON.parse(adopted.stdout).applied, true);
    assert.match(JSON.parse(adopted.stdout).to, /^2\.\d+\.[0-9a-f]{8}$/);
    await pair.allUp();

    // Both have the same again: what was lost in either direction, and what was said meanwhile.
    await arrives(own, ours, 'short_description', 'today, ours');
    await arrives(own, theirs, 'description', 'today, theirs');
    await arrives(own, third, 'description', 'said to a wall');
    await arrives(peer, third, 'short_description', 'while it stood still');
    await untilTrue(async () => (await commentsOf(own.side, own.of(theirs))).includes('answered today'), limitMs);
    await untilTrue(async () => (await commentsOf(own.side, own.of(ours))).includes('said today'), limitMs);
    await hasFile(own);
    const notes = await own.side.rows('sys_journal_field', `element_id=${own.of(ours)}^element=work_notes`, 'value');
    assert.ok(
      notes.some(({ value = '' }) => /The database was restored: the peer has/.test(value)),
      JSON.stringify(notes),
    );
    const [row] = await own.side.rows('sn_sb_connection', '', 'resume_report,resume_due');
    assert.match(row?.resume_report ?? '', /sent again by the peer[\s\S]*go on behind \d+ messages/);
    await change(own, ours, { short_description: 'tomorrow, ours' });
    await change(peer, ours, { description: 'tomorrow, theirs' });
    await arrives(peer, ours, 'short_description', 'tomorrow, ours');
    await arrives(own, ours, 'description', 'tomorrow, theirs');
    assert.deepEqual(await commentsOf(peer.side, peer.of(theirs)), ['answered today'], 'once');
    if (restored === 'consumer') {
      // What nobody there remembers is loud at the peer.
      await change(peer, fourth, { description: 'whom do you mean?' });
      const unknown = 'error_code=exchange.correlation_unknown';
      await untilTrue(async () => (await provider.count('sn_transport_queue', unknown)) > 0, limitMs);
      await tellOfCopy(engine, pair.number, provider, consumer);
      await pair.allUp();
    } else {
      // What the other side began, it begins again.
      await untilTrue(async () => (await provider.count(cases, 'short_description=fourth')) === 1, limitMs);
    }
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
