// How PostgreSQL writes what SQLite writes otherwise. Each term means the same as its sibling in sqlite/dialect.ts:
// case folding knows ASCII only (collation "C"), text sorts by its UTF-8 bytes, empty values come first.
import { quoted } from '../identifiers.ts';
import type { ColumnType, Dialect } from '../store.ts';

// The collation is written out: a parameter or an expression would bring the database's own, which folds more than ASCII.
const folded = (textSql: string): string => `lower((${textSql})::text COLLATE "C")`;

const comparable = (columnSql: string, type: ColumnType): string => {
  // Columns carry the collation (define.ts); define.ts builds indexes over this very expression.
  if (type === 'text_nocase') return `lower(${columnSql})`;
  return columnSql;
};

// Ways to find rows that cost as much as the table is large; a bitmap reads all that match before the first ten are taken.
const avoidedWays = ['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'] as const;

export const postgresDialect: Dialect = Object.freeze<Dialect>({
  engine: 'postgres',
  name: quoted,
  parameter: (n) => `$${n}`,
  comparable,
  comparableParameter: (parameterSql, type) => (type === 'text_nocase' ? folded(parameterSql) : parameterSql),
  like: (textSql, patternSql) => `${folded(textSql)} LIKE ${folded(patternSql)} ESCAPE '\\'`,
  orderTerm(columnSql, type, descending, isKey = false) {
    const direction = descending ? 'DESC' : 'ASC';
    if (isKey) return `${comparable(columnSql, type)} ${direction}`;
    return `${comparable(columnSql, type)} ${direction} NULLS ${descending ? 'LAST' : 'FIRST'}`;
  },
  asText(columnSql, type) {
    if (type === 'integer') return `(${columnSql})::text`;
    if (type === 'real') return `(${columnSql})::numeric::text`;
    if (type === 'blob') return `encode(${columnSql}, 'hex')`;
    return columnSql;
  },
  forUpdate: ' FOR UPDATE',
  preferIndexes: `SELECT ${avoidedWays.map((way) => `set_config('enable_${way}', 'off', true)`).join(', ')}`,
});

/** The same for all that a connection is asked, and back. Where an index leads, one plan serves all parameters. */
export const planning = {
  byIndex: [...avoidedWays.map((way) => `SET enable_${way} = off`), 'SET plan_cache_mode = force_generic_plan'].join('; '),
  usual: [...avoidedWays.map((way) => `RESET enable_${way}`), 'RESET plan_cache_mode'].join('; '),
};
