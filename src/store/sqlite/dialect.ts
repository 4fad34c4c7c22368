// How SQLite writes what PostgreSQL writes otherwise. Each term means the same as its sibling in postgres/dialect.ts:
// case folding knows ASCII only, text sorts by its UTF-8 bytes, empty values come first.
import { quoted } from '../identifiers.ts';
import type { Dialect } from '../store.ts';

export const sqliteDialect: Dialect = Object.freeze<Dialect>({
  engine: 'sqlite',
  name: quoted,
  parameter: (n) => `?${n}`,
  // The column carries its collation (define.ts), in comparisons and in indexes.
  comparable: (columnSql) => columnSql,
  comparableParameter: (parameterSql) => parameterSql,
  like: (textSql, patternSql) => `${textSql} LIKE ${patternSql} ESCAPE '\\'`,
  orderTerm: (columnSql, type, descending) =>
    `${columnSql}${type === 'text_nocase' ? ' COLLATE NOCASE' : ''} ${descending ? 'DESC' : 'ASC'}`,
  asText(columnSql, type) {
    if (type === 'integer') return `CAST(${columnSql} AS TEXT)`;
    // 15 digits, as PostgreSQL's cast to numeric keeps: the digits a decimal number survives a double with.
    if (type === 'real') return `CASE WHEN ${columnSql} IS NOT NULL THEN format('%.15g', ${columnSql}) END`;
    if (type === 'blob') return `CASE WHEN ${columnSql} IS NOT NULL THEN lower(hex(${columnSql})) END`;
    return columnSql;
  },
  rowPlace: '_rowid_',
  forUpdate: '',
  preferIndexes: '',
});
