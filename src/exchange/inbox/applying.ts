// Calls the applier of a message and says what its failure means: refused for good, or worth another try.
import { Fault, type FaultKind } from '../../kit/fault.ts';
import type { Transaction } from '../../store/store.ts';
import type { Message, MessageKind } from '../message.ts';
import type { Applier, ConnectionView, Outcome } from '../seams.ts';

export type Refusal = Extract<Outcome, { outcome: 'refused' }>;

export type Appliers = ReadonlyMap<MessageKind, Applier>;

/** Throws a plain error when two appliers want the same kind. */
export const appliersByKind = (appliers: readonly Applier[]): Appliers => {
  const byKind = new Map<MessageKind, Applier>();
  for (const applier of appliers) {
    for (const kind of applier.kinds) {
      if (byKind.has(kind)) throw new Error(`two appliers for messages of kind ${kind}`);
      byKind.set(kind, applier);
    }
  }
  return byKind;
};

/** Thrown out of the transaction, so that what the applier wrote is undone. */
export class RefusedSignal extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const passing: ReadonlySet<FaultKind> = new Set<FaultKind>(['unavailable', 'timeout', 'rate_limited']);

/** The refusal that an error of the applier stands for; undefined: not the message's fault, or not for good. */
export const refusalOf = (error: unknown): Refusal | undefined => {
  if (error instanceof RefusedSignal) return error.refusal;
  if (!(error instanceof Fault) || passing.has(error.kind)) return undefined;
  const detail = [error.message, error.explanation].filter((text) => text !== null && text !== '').join(': ');
  return { outcome: 'refused', code: error.code, detail, permanent: true };
};

type Taken = Exclude<Outcome, Refusal>;

const takenOrThrow = (outcome: Outcome): Taken => {
  if (outcome.outcome === 'refused') throw new RefusedSignal(outcome);
  return outcome;
};

/** Answers `applied` or `ignored`; throws RefusedSignal, or what the applier threw. */
export const applyOne = async (
  appliers: Appliers,
  transaction: Transaction,
  message: Message,
  connection: ConnectionView,
): Promise<Taken> => {
  const applier = appliers.get(message.kind);
  if (applier) return takenOrThrow(await applier.apply(transaction, message, connection));
  const detail = `Nothing here takes messages of kind ${message.kind}`;
  throw new RefusedSignal({ outcome: 'refused', code: 'exchange.unknown_kind', detail, permanent: true });
};

/** The same for many, in their order: what comes together for an applier that takes several is given to it together. */
export const applyMany = async (
  appliers: Appliers,
  transaction: Transaction,
  messages: readonly Message[],
  connection: ConnectionView,
): Promise<Taken[]> => {
  const outcomes: Taken[] = [];
  while (outcomes.length < messages.length) {
    const rest = messages.slice(outcomes.length);
    const [first] = rest;
    if (!first) break;
    const applier = appliers.get(first.kind);
    const end = rest.findIndex(({ kind }) => appliers.get(kind) !== applier);
    const together = end < 0 ? rest : rest.slice(0, end);
    if (applier?.applyAll && together.length > 1) {
      const answered = await applier.applyAll(transaction, together, connection);
      if (answered.length !== together.length) throw new Error(`an applier answered ${answered.length} of ${together.length}`);
      outcomes.push(...answered.map(takenOrThrow));
    } else outcomes.push(await applyOne(appliers, transaction, first, connection));
  }
  return outcomes;
};
