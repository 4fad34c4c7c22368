// Everything that the checks look at on one side: what it is, not how it is read.
import type { SeenRow } from './reader.ts';
import type { Blind } from './spyglass.ts';

export type SideName = 'here' | 'peer';

/** One connection with the records that belong to it, as on any instance, ours or the original. */
export interface Link {
  readonly row: SeenRow;
  readonly number: string;
  /** Registry records of type OAuth Client: they call us. */
  readonly clients: readonly SeenRow[];
  /** Registry records of type OAuth Provider: we call them. */
  readonly providers: readonly SeenRow[];
  /** sys_ids of registry records without a secret. */
  readonly withoutSecret: readonly string[];
  readonly user: SeenRow | undefined;
  readonly roles: readonly string[];
  readonly company: SeenRow | undefined;
  readonly remoteSystem: SeenRow | undefined;
  readonly settings: SeenRow | undefined;
  readonly legacy: SeenRow | undefined;
  readonly onboarding: SeenRow | undefined;
  readonly profile: SeenRow | undefined;
  /** Of credentials, while it is open. */
  readonly authChange: SeenRow | undefined;
  readonly errors: readonly SeenRow[];
  /** Milliseconds since the epoch; 0 where nothing waits. */
  readonly waitingSince: number;
  /** The message that has waited longest. */
  readonly oldest: SeenRow | undefined;
  readonly heldLanes: readonly SeenRow[];
  /** By lane: the message that blocks it. */
  readonly blockers: ReadonlyMap<string, SeenRow>;
  /** Leased, and the lease ended a while ago. */
  readonly stuckLanes: readonly SeenRow[];
  /** The busiest lanes towards the peer. */
  readonly sentLanes: readonly SeenRow[];
  /** Round trips of the latest deliveries in milliseconds, newest first. */
  readonly roundTrips: readonly number[];
}

export interface Facts {
  readonly side: SideName;
  readonly instance: string;
  readonly now: number;
  readonly links: readonly Link[];
  /** Of invitations, where this side is the provider. */
  readonly registrations: readonly SeenRow[];
  readonly properties: ReadonlyMap<string, string>;
  /** sys_id by name. */
  readonly propertyIds: ReadonlyMap<string, string>;
  /** sys_id of the role sn_sb.integration; '' where there is none. */
  readonly integrationRole: string;
  /** A table, or `table.field`. */
  sees(what: string): boolean;
  isPartial(table: string): boolean;
  blind(): readonly Blind[];
  whyBlind(what: string): string;
}

/** A property that is a number above 0; else the fallback. */
export const numberOf = (facts: Facts, property: string, fallback: number): number => {
  const value = Number(facts.properties.get(property) || fallback);
  return Number.isFinite(value) && value > 0 ? value : fallback;
};
