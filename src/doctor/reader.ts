// How doctor sees an instance: rows of tables by their names, as the account in use may see them. What it may not see is said, not guessed.

export type SeenRow = Readonly<Record<string, string>>;

export interface Reader {
  /** For people: the address, or `this instance`. */
  readonly name: string;
  /** Stored values. Throws Unseen. */
  rows(table: string, query: string, fields: readonly string[], limit?: number): Promise<SeenRow[]>;
  /** Whatever the transport sums up; Unseen where an instance has no such thing. */
  queueSummary(): Promise<readonly QueueSummary[]>;
  /** Milliseconds by the clock of this process. */
  now(): number;
}

export interface QueueSummary {
  readonly connection: string;
  readonly pause: string;
  readonly pauseCode: string;
  readonly pauseDetail: string;
  readonly backlog: number;
  readonly lanesHeld: number;
  readonly leasesStuck: number;
  readonly inboundHeld: number;
  readonly gapsFound: number;
  readonly oldestWaitingSince: number;
}

/** The account may not look, or the instance has no such table. */
export class Unseen extends Error {}
