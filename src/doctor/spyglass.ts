// One side, looked at: reads tables and remembers what was not seen of them: whole tables, fields, rows. No check may take what it did not see
// for empty.
import { type Ask, type Reader, type SeenRow, Unseen } from './reader.ts';

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

export const makeSpyglass = (reader: Reader): Spyglass => {
  const blind = new Map<string, string>();
  const silent = new Set<string>();
  const seen = new Set<string>();
  const partial = new Set<string>();

  const noteFields = (table: string, fields: readonly string[], rows: readonly SeenRow[]): void => {
    for (const field of fields) {
      const what = `${table}.${field}`;
      if (rows.some((row) => row[field] !== undefined)) seen.add(what);
      else if (rows.length > 0) blind.set(what, 'there is no such field, or this account may not read it');
    }
  };

  return {
    async see(table, { silent: isSilent = false, ...ask }) {
      if (isSilent) silent.add(table);
      try {
        const { rows, total } = await reader.read(table, ask);
        if (!isSilent) noteFields(table, ask.fields, rows);
        const hidden = (total ?? 0) - rows.length;
        if (hidden > 0 && rows.length < (ask.limit ?? 500)) {
          partial.add(table);
          blind.set(`${table} (rows)`, `${hidden} of ${total} rows are hidden from this account`);
        }
        return rows;
      } catch (error) {
        if (!(error instanceof Unseen)) throw error;
        blind.set(table, error.message);
        return [];
      }
    },
    sees: (what) => !blind.has(what.split('.')[0] ?? '') && (seen.has(what) || !blind.has(what)),
    isPartial: (table) => partial.has(table),
    whyBlind: (what) => blind.get(what) ?? blind.get(what.split('.')[0] ?? '') ?? '',
    blind: () => [...blind].filter(([what]) => !silent.has(what) && !seen.has(what)).map(([what, why]) => ({ what, why })),
  };
};
