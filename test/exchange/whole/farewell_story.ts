// The story of the end: one side offboards while the other is off. What waits is refused, counted, exported; the other side learns of it when
// it comes back, and cleans up.
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilTrue } from '../../parts/until_true.ts';
import type { WholePair } from './pair.ts';
import type { TiedTask } from './shared_tasks.ts';

/** Nothing of it must be left, on either side. */
const gone = (number: string) =>
  [
    ['oauth_entity', `nameLIKE${number}`],
    ['sys_user', `user_name=sb_user.${number}`],
    ['sn_sb_connection', ''],
    ['ih_sync_remote_system', ''],
    ['sn_transport_profile', ''],
    ['sn_transport_queue', ''],
    ['sn_transport_lane', ''],
    ['sn_transport_attempt', ''],
  ] as const;

export const tellFarewellStory = async (pair: WholePair, { caseId }: TiedTask, limitMs: number): Promise<void> => {
  const { provider, consumer, number } = pair;
  const offboard = (side: WholePair['provider'], ...more: string[]) => side.command('exchange', 'offboard', number, ...more);
  const file = join(tmpdir(), `causeway-export-${process.pid}-${number}.ndjson`);
  await consumer.kill();
  assert.equal(await provider.patch('sn_customerservice_case', `sys_id=${caseId}`, { comments: 'never read' }), 200);
  const planned = await offboard(provider, '--dry-run');
  assert.match(planned.stdout, /would remove[\s\S]*2 {2}oauth_entity[\s\S]*1 {2}sys_user\n/);
  assert.match(planned.stdout, /Undelivered messages: [1-9]/);
  const refused = await offboard(provider);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /would be lost[\s\S]*--drop-undelivered/);
  try {
    const done = await offboard(provider, '--export', file, '--drop-undelivered', '--json');
    assert.equal(done.code, 0, done.stderr);
    assert.deepEqual([JSON.parse(done.stdout).applied, JSON.parse(done.stdout).peer_told], [true, false]);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const rows = lines.map((line) => JSON.parse(line));
    assert.ok(rows.some(({ kind, payload }) => kind === 'journal' && /never read/.test(payload)));
  } finally {
    await rm(file, { force: true });
  }
  await consumer.start();
  await untilTrue(async () => /^Down \(auth: connection_unknown/.test((await pair.report(consumer)).outbound.text), limitMs);
  const over = await offboard(consumer, '--drop-undelivered');
  assert.equal(over.code, 0, over.stderr);
  for (const side of pair.sides)
    for (const [table, query] of gone(number)) assert.equal(await side.count(table, query), 0, `${side.name}: ${table}`);
  // What came through the connection stays.
  assert.equal(await provider.count('sn_customerservice_case', `sys_id=${caseId}`), 1);
};
