// Two sides changed a field: which value stands? Pure, and symmetric: both sides come to the same answer without asking each other.
import { otherSide, type Side } from '../definition/field_map.ts';

export interface KnownField {
  /** Changes made on this side, and those of the peer that were seen here. */
  readonly ownVersion: number;
  readonly peerVersion: number;
  readonly value: string;
  readonly changedMs: number;
}

export interface IncomingField {
  /** The peer's count of its changes, and how many of ours it had seen when it made this one. */
  readonly version: number;
  readonly seen: number;
  readonly value: string;
  readonly atMs: number;
}

/** `stale`: older than what is here. `agrees`: both came to the same value. `won`, `lost`: a conflict, from this side. */
export type Judgement = 'apply' | 'stale' | 'agrees' | 'won' | 'lost';

export const judgeField = (known: KnownField, incoming: IncomingField, side: Side, rule: string): Judgement => {
  if (incoming.version <= known.peerVersion) return 'stale';
  if (incoming.seen >= known.ownVersion) return 'apply';
  if (incoming.value === known.value) return 'agrees';
  if (rule === side) return 'won';
  if (rule === otherSide(side)) return 'lost';
  if (incoming.atMs === known.changedMs) return side === 'provider' ? 'won' : 'lost';
  return incoming.atMs > known.changedMs ? 'lost' : 'won';
};
