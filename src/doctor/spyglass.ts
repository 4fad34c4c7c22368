// One side, looked at: reads tables and remembers what was not seen of them: whole tables, fields, rows. No check may take what it did not see
// for empty.
import { type Ask, type Reader, type SeenRow, type SeenRows, Unseen } from './reader.ts';

export interface Blind {
  /** A table, or `table.field`. */
  readonly what: string;
  readonly why: string;
}

export interface Spyglass {
  /** Rows that may be seen; none where the table may not. `silent`: a table that not every instance has, and none needs. */
  see(table: string, ask: Ask & { silent?: boolean }): Promise<readonly SeenRow[]>;
  /** A table, or `table.field`. */
  sees(what: string): boolean;
  /** Rows of the table are hidden from the account: what is missing may be there. */
  isPartial(table: string): boolean;
  blind(): readonly Blind[];
  /** Why a table, or a field, was not seen. */
  whyBlind(what: string): string;
}

const hiddenIn = ({ rows, total }: SeenRows, { limit = 500 }: Ask): number =>
  rows.length < limit ? Math.max(0, (total ?? 0) - rows.length) : 0;

export const makeSpyglass = (reader: Reader): Spyglass => {
  const blind = new Map<string, string>();
  const silent = new Set<string>();
  const visible = new Set<string>();
  const partial = new Set<string>();

  const noteFields = (table: string, fields: readonly string[], rows: readonly SeenRow[]): void => {
    for (const field of fields) {
      const what = `${table}.${field}`;
      if (rows.some((row) => row[field] !== undefined)) visible.add(what);
      else if (rows.length > 0) blind.set(what, 'there is no such field, or this account may not read it');
    }
  };

  return {
    async see(table, { silent: isSilent = false, ...ask }) {
      if (isSilent) silent.add(table);
      try {
        let seen = await reader.read(table, ask);
        // Where rows come and go, the count may be that of a moment later: a hidden row stays hidden.
        for (let again = 0; again < 2 && !isSilent && hiddenIn(seen, ask) > 0; again += 1) seen = await reader.read(table, ask);
        if (isSilent) return seen.rows;
        noteFields(table, ask.fields, seen.rows);
        const hidden = hiddenIn(seen, ask);
        if (hidden > 0) {
          partial.add(table);
          blind.set(`${table} (rows)`, `${hidden} of ${seen.total} rows are hidden from this account`);
        }
        return seen.rows;
      } catch (error) {
        if (!(error instanceof Unseen)) throw error;
        blind.set(table, error.message);
        return [];
      }
    },
    sees: (what) => !blind.has(what.split('.')[0] ?? '') && (visible.has(what) || !blind.has(what)),
    isPartial: (table) => partial.has(table),
    whyBlind: (what) => blind.get(what) ?? blind.get(what.split('.')[0] ?? '') ?? '',
    blind: () => [...blind].filter(([what]) => !silent.has(what) && !visible.has(what)).map(([what, why]) => ({ what, why })),
  };
};
