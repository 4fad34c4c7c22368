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

/** Answers `applied` or `ignored`; throws RefusedSignal, or what the applier threw. */
export const applyOne = async (
  appliers: Appliers,
  transaction: Transaction,
  message: Message,
  connection: ConnectionView,
): Promise<Exclude<Outcome, Refusal>> => {
  const applier = appliers.get(message.kind);
  const outcome: Outcome = applier
    ? await applier.apply(transaction, message, connection)
    : {
        outcome: 'refused',
        code: 'exchange.unknown_kind',
        detail: `Nothing here takes messages of kind ${message.kind}`,
        permanent: true,
      };
  if (outcome.outcome === 'refused') throw new RefusedSignal(outcome);
  return outcome;
};
