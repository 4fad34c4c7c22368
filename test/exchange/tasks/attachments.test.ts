// Files on tied records: sent in pieces where the definition says so, whole and once at the peer, dropped only with a note.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { noteCaller, peerCaller } from '../../../src/exchange/origin.ts';
import { systemClock } from '../../../src/kit/clock.ts';
import { makeIds } from '../../../src/kit/ids.ts';
import { makeSealer } from '../../../src/kit/seal.ts';
import { makeAttachments } from '../../../src/records/attachments/attachments.ts';
import { systemCaller } from '../../../src/records/caller.ts';
import { makeProperties } from '../../../src/records/properties.ts';
import { forEachEngine } from '../../parts/engines.ts';
import { connect, define, openTasksPair, type Pair, type Side } from './part.ts';

const filesOf = ({ store, records }: Side) =>
  makeAttachments({
    store,
    records,
    properties: makeProperties({ store, sealer: makeSealer(randomBytes(32)) }),
    clock: systemClock,
    ids: makeIds(systemClock),
  });

async function* streamOf(bytes: Uint8Array) {
  yield bytes;
}

forEachEngine((engine) => {
  let pair: Pair;
  let definition: string;
  before(async () => {
    pair = await openTasksPair(engine);
    definition = (await define(pair, { send_attachments: 'true' })).ofConsumer;
  });
  after(() => pair.close());

  const attach = (side: Side, tableName: string, tableSysId: string, fileName: string, bytes: Uint8Array) =>
    filesOf(side).save(systemCaller, { tableName, tableSysId, fileName, contentType: 'text/plain' }, streamOf(bytes));

  test('a file of several pieces arrives whole, once, and does not come back', async () => {
    const { consumer, provider } = pair;
    const { incident, caseId } = await connect(pair, definition);
    const bytes = randomBytes(600_000);
    pair.copies = 2;
    await attach(consumer, 'incident', incident, 'trace.log', bytes);
    await attach(consumer, 'incident', incident, 'empty.txt', new Uint8Array());
    await pair.settled();
    pair.copies = 1;
    const found = await provider.records.findBy('sys_attachment', { table_sys_id: caseId });
    assert.deepEqual(found.map((row) => row.file_name).sort(), ['empty.txt', 'trace.log']);
    const file = await filesOf(provider).findByName(systemCaller, caseId, 'trace.log');
    const parts: Uint8Array[] = [];
    for await (const part of file.read()) parts.push(part);
    assert.ok(Buffer.concat(parts).equals(bytes));
    assert.equal((await consumer.records.findBy('sys_attachment', { table_sys_id: incident })).length, 2);
  });

  test('a file from before the tie stays where it is, but where history is asked for', async () => {
    const { consumer, provider } = pair;
    const told = await consumer.insert('incident', { short_description: 'Sends all of it' });
    await attach(consumer, 'incident', told, 'asked.txt', randomBytes(10));
    const whole = { parent: told, definition, connection: consumer.connection, send_history: 'true' };
    await consumer.insert('sn_sb_con_remote_task', whole);
    await pair.settled();
    assert.ok(await provider.one('sys_attachment', { file_name: 'asked.txt', table_name: 'sn_customerservice_case' }));
    const parent = await consumer.insert('incident', { short_description: 'Has a file already' });
    await attach(consumer, 'incident', parent, 'old.txt', randomBytes(10));
    const task = await consumer.insert('sn_sb_con_remote_task', { parent, definition, connection: consumer.connection });
    await pair.settled();
    await attach(consumer, 'incident', parent, 'new.txt', randomBytes(10));
    await pair.settled();
    const { number = '' } = (await consumer.one('sn_sb_con_remote_task', { sys_id: task })) ?? {};
    const { parent: caseId = '' } = (await provider.one('sn_sb_pro_remote_task', { number })) ?? {};
    const found = await provider.records.findBy('sys_attachment', { table_sys_id: caseId });
    assert.deepEqual(
      found.map(({ file_name }) => file_name),
      ['new.txt'],
    );
  });

  test('a file that the peer does not take leaves a note on both sides, and the next one goes through', async () => {
    const { consumer, provider } = pair;
    const { incident, caseId } = await connect(pair, definition);
    const [rule] = await provider.records.findBy('sys_properties', { name: 'glide.attachment.extensions' });
    if (rule) await provider.update('sys_properties', rule.sys_id ?? '', { value: 'txt' });
    else await provider.insert('sys_properties', { name: 'glide.attachment.extensions', value: 'txt' });
    await attach(consumer, 'incident', incident, 'virus.exe', randomBytes(10));
    await attach(consumer, 'incident', incident, 'note.txt', randomBytes(10));
    await pair.settled();
    const found = await provider.records.findBy('sys_attachment', { table_sys_id: caseId });
    assert.deepEqual(
      found.map((row) => row.file_name),
      ['note.txt'],
    );
    const notes = [await consumer.journal(incident, 'work_notes'), await provider.journal(caseId, 'work_notes')];
    for (const texts of notes) assert.ok(texts.some((text) => text.includes('the file virus.exe was dropped')));
  });

  test('what a peer calls a file ends up in no header, and a file is no more than it says', async () => {
    const { consumer, provider } = pair;
    const { incident, caseId } = await connect(pair, definition);
    const correlation = await consumer.one('ih_sync_correlation', { local_record: incident });
    const sendPiece = (correlationId: string, more: Record<string, unknown>) =>
      consumer.store.write((transaction) =>
        consumer.transport.enqueue(transaction, {
          connection: consumer.connection,
          kind: 'attachment',
          operation: 'insert',
          correlationId,
          payload: {
            correlation: correlation?.local_correlation_id,
            peer_correlation: correlation?.remote_correlation_id,
            file: correlationId,
            file_name: 'a\r\nSet-Cookie: b.txt',
            content_type: 'text/html\r\nSet-Cookie: b',
            size_bytes: 2,
            hash: createHash('sha256').update('hi').digest('hex'),
            position: 0,
            count: 1,
            data: Buffer.from('hi').toString('base64'),
            ...more,
          },
        }),
      );
    await sendPiece('dirty', {});
    await sendPiece('endless', { count: 2, data: Buffer.alloc(262_144).toString('base64') });
    await pair.settled();
    const found = await provider.records.findBy('sys_attachment', { table_sys_id: caseId });
    assert.deepEqual(
      found.map((row) => [row.file_name, row.content_type]),
      [['aSet-Cookie: b.txt', 'application/octet-stream']],
    );
    const rows = await consumer.store.read(`SELECT error_code FROM sn_transport_queue WHERE correlation_id = 'endless'`);
    assert.deepEqual(rows, [['exchange.bad_payload']]);
  });

  test('files of the work behind a provider task go to the consumer, and his are put on the work', async () => {
    const { consumer, provider } = pair;
    const work = await provider.insert('sn_customerservice_case', { short_description: 'Link is down' });
    const task = await provider.insert('sn_sb_pro_provider_task', { parent: work, connection: provider.connection });
    await attach(provider, 'sn_customerservice_case', work, 'plan.txt', randomBytes(300_000));
    await pair.settled();
    await attach(consumer, 'sn_sb_con_provider_task', task, 'trace.txt', randomBytes(20));
    await pair.settled();
    const names = async (side: Side, record: string) =>
      (await side.records.findBy('sys_attachment', { table_sys_id: record })).map((row) => row.file_name).sort();
    assert.deepEqual(await names(consumer, task), ['plan.txt', 'trace.txt']);
    assert.deepEqual(await names(provider, work), ['plan.txt', 'trace.txt']);
    assert.deepEqual(await names(provider, task), ['plan.txt', 'trace.txt']);
  });

  test('files put on a paused pair go once it is connected again, each once; those of another consumer stay away', async () => {
    const { consumer, provider } = pair;
    const { incident, task, caseId } = await connect(pair, definition);
    await attach(consumer, 'incident', incident, 'before.txt', randomBytes(10));
    await pair.settled();
    await consumer.update('sn_sb_con_remote_task', task, { status: 'disconnected' });
    await pair.settled();
    await attach(consumer, 'incident', incident, 'meanwhile.txt', randomBytes(10));
    const company = await provider.insert('core_company', { name: 'Rival plc' });
    const words = { connection_id: 'SBC0001002', company, peer_url: 'https://rival.example', state: 'onboarded', active: 'true' };
    const rival = await provider.insert('sn_sb_pro_consumer_connection', words);
    await provider.insert(
      'sys_attachment',
      { file_name: 'rival.txt', table_name: 'sn_customerservice_case', table_sys_id: caseId },
      peerCaller(rival, 1, 'sb_user.SBC0001002'),
    );
    await consumer.update('sn_sb_con_remote_task', task, { status: 'connected', send_history: 'true' });
    await pair.settled();
    const names = async (side: Side, record: string) =>
      (await side.records.findBy('sys_attachment', { table_sys_id: record })).map((row) => row.file_name).sort();
    assert.deepEqual(await names(provider, caseId), ['before.txt', 'meanwhile.txt', 'rival.txt']);
    assert.deepEqual(await names(consumer, incident), ['before.txt', 'meanwhile.txt']);
  });

  test('a side that exchanges no files drops those that come, with a note on both', async () => {
    const { consumer, provider } = pair;
    const { incident, caseId } = await connect(pair, definition);
    await consumer.update('sn_sb_con_remote_task_def', definition, { send_attachments: 'false' });
    await attach(provider, 'sn_customerservice_case', caseId, 'unwanted.txt', randomBytes(10));
    await pair.settled();
    assert.equal(await consumer.one('sys_attachment', { table_sys_id: incident }), undefined);
    const notes = [await consumer.journal(incident, 'work_notes'), await provider.journal(caseId, 'work_notes')];
    for (const texts of notes)
      assert.match(texts.at(-1) ?? '', /the file unwanted.txt was dropped: Incident to case exchanges no files/);
    await consumer.update('sn_sb_con_remote_task_def', definition, { send_attachments: 'true' });
  });

  test('files that a restored database lost are given back by the peer, each once, and those that are known stay away', async () => {
    const { consumer, provider } = pair;
    const { incident, caseId } = await connect(pair, definition);
    const bytes = randomBytes(300_000);
    await attach(consumer, 'incident', incident, 'kept.txt', randomBytes(10));
    await attach(consumer, 'incident', incident, 'lost.txt', bytes);
    await pair.settled();
    const { sys_id: lost = '' } = (await consumer.one('sys_attachment', { file_name: 'lost.txt' })) ?? {};
    await consumer.store.write(async ({ run }) => {
      await run(`DELETE FROM sys_attachment WHERE sys_id = '${lost}'`);
      await run(`DELETE FROM attachment_chunk WHERE attachment = '${lost}'`);
    });
    const correlation = await consumer.one('ih_sync_correlation', { local_record: incident });
    const lane = `attachment:${correlation?.local_correlation_id}`;
    for (const have of [1, 1, 0, undefined]) {
      await provider.records.write((transaction) => provider.sayAgain(transaction, provider.connection, lane, have));
      if (have !== 0) await pair.settled();
    }
    const names = (await consumer.records.findBy('sys_attachment', { table_sys_id: incident })).map((row) => row.file_name);
    assert.deepEqual(names.sort(), ['kept.txt', 'lost.txt']);
    const parts: Uint8Array[] = [];
    for await (const part of (await filesOf(consumer).findByName(systemCaller, incident, 'lost.txt')).read()) parts.push(part);
    assert.ok(Buffer.concat(parts).equals(bytes));
    const notes = (await consumer.journal(incident, 'work_notes')).filter((text) => text.includes('given back'));
    assert.deepEqual(notes, ['The file lost.txt was given back by Provider Ltd']);
    assert.equal((await provider.records.findBy('sys_attachment', { table_sys_id: caseId })).length, 2, 'and none comes back');
    // Of a pair that the restored side does not know nothing is made, and nothing is held up.
    await consumer.records.write((transaction) =>
      consumer.records.within(transaction).remove(noteCaller, 'ih_sync_correlation', correlation?.sys_id ?? ''),
    );
    await provider.records.write((transaction) => provider.sayAgain(transaction, provider.connection, lane, 0));
    await pair.settled();
    const refused = await provider.records.findBy('sn_transport_queue', { state: 'error', operation: 'return' });
    assert.equal(refused.length, 0);
  });
});
