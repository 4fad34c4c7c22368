// What the transport needs of the other parts of the exchange, and what it offers them. Interfaces only.
import type { Row } from '../records/records.ts';
import type { Transaction } from '../store/store.ts';
import type { Message, MessageKind, Outgoing } from './message.ts';

/** How a message ended at the receiver. `refused` is for good: the same message would be refused again until somebody changes something. */
export type Outcome =
  | { readonly outcome: 'applied' }
  /** Nothing to do, and that is no failure: an echo, an update that is older than what is here. */
  | { readonly outcome: 'ignored'; readonly reason: string }
  | { readonly outcome: 'refused'; readonly code: string; readonly detail: string; readonly permanent: true };

/**
 * Applies messages of its kinds at the receiver, inside the transaction that also remembers the message, so that the effect happens
 * exactly once. May run again after a rollback. `refused` undoes what it wrote. A thrown Fault of a kind that the sender can mend
 * (bad_request, forbidden, not_found, conflict, …) counts as refused with its code and message; `unavailable`, `timeout` and
 * `rate_limited` are tried again by the receiver; anything else is a bug, is logged, and is tried again with the backoff.
 */
export interface Applier {
  readonly kinds: readonly MessageKind[];
  /** `connection`: the sn_sb_connection row as the transport was given it, see `ConnectionBook`. */
  apply(transaction: Transaction, message: Message, connection: ConnectionView): Promise<Outcome>;
  /**
   * Several messages at once, for who can do that with less than a statement each; absent: one after the other. An outcome for each, in
   * their order. Messages of one lane take effect in their order, those of two lanes in any. Where one is refused or it throws,
   * all of them are undone, and each comes again to `apply`.
   */
  applyAll?(transaction: Transaction, messages: readonly Message[], connection: ConnectionView): Promise<readonly Outcome[]>;
}

/** Heard at the source, in the transaction that marks the queue row, when the peer applied, ignored or refused a message, or an admin skipped it. */
export interface Settler {
  readonly kinds: readonly MessageKind[];
  /** Must not throw: a message that was applied stays applied. `source` is the record named by `enqueue`, undefined where none was. */
  settled(
    transaction: Transaction,
    message: Message,
    outcome: Outcome | { readonly outcome: 'skipped'; readonly reason: string },
    source: Source | undefined,
  ): Promise<void>;
}

export interface Source {
  readonly table: string;
  readonly sysId: string;
}

export interface ConnectionView {
  /** sys_id of the sn_sb_connection row. */
  readonly sysId: string;
  /** SBC0001001: the same on both sides. */
  readonly connectionId: string;
  /** The whole row where the book has it; appliers read what they need. */
  readonly row: Row;
}

/** The connections, as LINKS keeps them. */
export interface ConnectionBook {
  /** The connection whose integration user is calling; undefined when the caller is nobody's. Used for each POST: cached. */
  ofCaller(userSysId: string): Promise<ConnectionView | undefined>;
  get(connection: string): Promise<ConnectionView | undefined>;
  /** Whether it is there still, seen from inside a transaction. */
  isThere(transaction: Pick<Transaction, 'read' | 'dialect'>, connection: string): Promise<boolean>;
  /** The way to the peer; undefined while the connection is not onboarded, is disconnected, or this instance is quarantined. */
  link(connection: string): Promise<Link | undefined>;
}

/** The way to one peer. */
export interface Link {
  /** Origin of the peer, without a slash at the end. */
  readonly baseUrl: string;
  /** `connection_id` as both sides know it; travels in the envelope's `source`. */
  readonly connectionId: string;
  /** Of this instance; a peer that saw another one answers 409. '' where incarnations are not kept. */
  readonly incarnation: string;
  /** A good access token; single-flight, refreshed at 80 % of its life. Throws Fault `exchange.auth_refused` or one of kind `unavailable`. */
  token(): Promise<string>;
  /** The peer did not take this token: it is dropped, and the next call of `token` fetches another. */
  refused(token: string): Promise<void>;
}

/** auth: token or message endpoint refuses who we are. unavailable: 503, 429, quarantine. transient: no answer, 5xx. permanent: 4xx. */
export type FailureClass = 'auth' | 'unavailable' | 'transient' | 'permanent';

/** What happens on a link, for the status axes. Called outside transactions, after the fact; must not throw. */
export interface LinkEvents {
  /** The peer answered a POST: messages in it, round trip in milliseconds. */
  delivered(connection: string, event: { count: number; roundTripMs: number }): void;
  failed(connection: string, event: { class: FailureClass; code: string; detail: string; httpStatus: number }): void;
  /** Messages of the peer were applied here. */
  received(connection: string, event: { count: number }): void;
}

/** Offered: puts a message on the queue inside the caller's transaction. Answers its id. */
export type Enqueue = (transaction: Transaction, outgoing: Outgoing) => Promise<{ messageId: string; seq: number }>;
