// The seam of the carriers: how a batch of messages reaches a peer. A carrier answers an outcome for everything that can go wrong on the
// way; it never throws for it. Adding one: a file beside http.ts.
import type { FailureClass, Link } from '../seams.ts';

/** What the peer says of one message. */
export type RowResult =
  | { readonly id: string; readonly outcome: 'applied' }
  | { readonly id: string; readonly outcome: 'ignored'; readonly reason: string }
  /** Durably kept; the peer will say later what came of it. */
  | { readonly id: string; readonly outcome: 'stored' }
  | { readonly id: string; readonly outcome: 'refused'; readonly code: string; readonly detail: string }
  /** Not looked at: an earlier message of its lane did not get through. */
  | { readonly id: string; readonly outcome: 'held' }
  /** The peer has the lane up to `have` only. */
  | { readonly id: string; readonly outcome: 'gap'; readonly have: number }
  /** The peer has later messages of the lane, and does not know this one. */
  | { readonly id: string; readonly outcome: 'stale'; readonly have: number };

export type CarrierOutcome =
  | { readonly kind: 'answered'; readonly results: readonly RowResult[]; readonly roundTripMs: number }
  | {
      readonly kind: 'failed';
      readonly class: FailureClass;
      readonly code: string;
      readonly detail: string;
      /** 0 where no answer came. */
      readonly httpStatus: number;
      /** As the peer asked, clamped; undefined where it did not. */
      readonly retryAfterMs: number | undefined;
      readonly roundTripMs: number;
    };

export interface Carrier {
  readonly name: string;
  /** `body`: a batch as envelope/ writes it. */
  send(link: Link, body: string): Promise<CarrierOutcome>;
}
