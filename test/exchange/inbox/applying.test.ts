// Which messages an applier is given together, and what a refusal among them does.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appliersByKind, applyMany, RefusedSignal } from '../../../src/exchange/inbox/applying.ts';
import type { Message, MessageKind } from '../../../src/exchange/message.ts';
import type { Applier, Outcome } from '../../../src/exchange/seams.ts';
import type { Transaction } from '../../../src/store/store.ts';

const transaction = {} as Transaction;
const connection = { sysId: 'c0000000000000000000000000000001', connectionId: 'SBC0001001', row: {} };

const message = (text: string): Message => {
  const [kind = '', messageId = ''] = text.split(':');
  return { kind: kind as MessageKind, messageId } as Message;
};

const applied: Outcome = { outcome: 'applied' };
const no: Outcome = { outcome: 'refused', code: 'test.no', detail: 'not this one', permanent: true };

const makeDiary = (judge: (message: Message) => Outcome = () => applied) => {
  const calls: string[] = [];
  const note = (how: string, messages: readonly Message[]) => {
    calls.push(`${how} ${messages.map(({ messageId }) => messageId).join(' ')}`);
    return messages.map(judge);
  };
  const several: Applier = {
    kinds: ['record', 'journal'],
    apply: async (_, each) => note('one', [each])[0] as Outcome,
    applyAll: async (_, messages) => note('all', messages),
  };
  const single: Applier = { kinds: ['config'], apply: async (_, each) => note('config', [each])[0] as Outcome };
  const run = (...texts: string[]) => applyMany(appliersByKind([several, single]), transaction, texts.map(message), connection);
  return { calls, run };
};

test('messages that stand together for one applier are given to it together, the others one by one, all in their order', async () => {
  const { calls, run } = makeDiary(({ messageId }) => (messageId === 'd' ? { outcome: 'ignored', reason: 'old' } : applied));
  const outcomes = await run('record:a', 'journal:b', 'config:c', 'config:d', 'record:e', 'config:f', 'record:g', 'record:h');
  assert.deepEqual(calls, ['all a b', 'config c', 'config d', 'one e', 'config f', 'all g h']);
  assert.deepEqual(
    outcomes.map(({ outcome }) => outcome),
    ['applied', 'applied', 'applied', 'ignored', 'applied', 'applied', 'applied', 'applied'],
  );
  assert.deepEqual(await run(), []);
});

test('one refusal among them undoes all, as does a kind that nobody takes', async () => {
  const { run } = makeDiary(({ messageId }) => (messageId === 'b' ? no : applied));
  const isRefused = (code: string) => (error: unknown) => error instanceof RefusedSignal && error.refusal.code === code;
  await assert.rejects(run('record:a', 'record:b', 'record:c'), isRefused('test.no'));
  await assert.rejects(run('record:a', 'attachment:c'), isRefused('exchange.unknown_kind'));
});

test('an applier that answers fewer than it was given has a bug, and nothing counts as applied', async () => {
  const mute: Applier = { kinds: ['record'], apply: async () => applied, applyAll: async () => [applied] };
  await assert.rejects(applyMany(appliersByKind([mute]), transaction, [message('record:a'), message('record:b')], connection), {
    message: 'an applier answered 1 of 2',
  });
});
