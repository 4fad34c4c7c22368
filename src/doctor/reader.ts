// How doctor sees an instance: rows of tables by their names, as the account in use may see them. What it may not see is said, not guessed.

/** A field that the account may not see is not in it. */
export type SeenRow = Readonly<Record<string, string>>;

export interface Ask {
  readonly query: string;
  /** Dot-walks of one step allowed. */
  readonly fields: readonly string[];
  readonly limit?: number;
}

export interface SeenRows {
  readonly rows: readonly SeenRow[];
  /** Of the query without its limit, rows that are hidden from the account included; undefined where the instance does not say. */
  readonly total: number | undefined;
}

export interface Reader {
  /** The origin of the instance, for people and for links. */
  readonly name: string;
  /** Stored values. Throws Unseen. */
  read(table: string, ask: Ask): Promise<SeenRows>;
  /** Milliseconds by the clock of this process. */
  now(): number;
}

/** The account may not look, or the instance has no such table. */
export class Unseen extends Error {}
