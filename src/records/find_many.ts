// Many look-ups by exact match at once, each answered as findBy would answer it. On PostgreSQL some dozens share a statement; on SQLite,
// where nothing travels, each is a statement of its own.
import type { Value } from '../store/store.ts';
import { type FindParts, findBy, requireTable } from './find_rows.ts';
import { inPieces, tuplesOf } from './many_rows.ts';
import type { Row, Values } from './records.ts';
import { type MatchTerms, matchTerms, readRow, selectShape } from './row_storage.ts';

/** Terms of one form, which differ in their values alone, share a statement. */
interface Group {
  readonly terms: MatchTerms;
  readonly asked: Array<{ readonly at: number; readonly parameters: readonly Value[] }>;
}

/** The rows of each match, in the order of `matches`; fields, limit and lock are the same for all. */
export const findMany = async (
  parts: FindParts,
  tableName: string,
  matches: readonly Values[],
  options: { limit: number; forUpdate?: boolean },
): Promise<Row[][]> => {
  const { dictionary, dialect, read } = parts;
  if (dialect.engine === 'sqlite' || matches.length < 2)
    return Promise.all(matches.map((match) => findBy(parts, tableName, match, options)));
  const table = requireTable(dictionary, tableName);
  const shape = selectShape(dialect, table);
  const groups = new Map<string, Group>();
  for (const [at, match] of matches.entries()) {
    // The value stands in the list beside: its place there is its place among the parameters, behind that of the question.
    const terms = matchTerms(dialect, table, match, (n, type) => {
      const column = `asked.column${n + 1}`;
      return type === 'integer' ? `CAST(${column} AS bigint)` : type === 'real' ? `CAST(${column} AS double precision)` : column;
    });
    if (!terms) continue;
    const key = terms.where;
    const group = groups.get(key) ?? { terms, asked: [] };
    group.asked.push({ at, parameters: terms.parameters });
    groups.set(key, group);
  }
  const found: Row[][] = matches.map(() => []);
  const lock = options.forUpdate ? ` ${dialect.forUpdate}` : '';
  for (const { terms, asked } of groups.values()) {
    const width = terms.parameters.length + 1;
    // Not the column itself: its index would be walked from the start in search of the first match.
    const order = `ORDER BY (${terms.sysId} || '')`;
    const one = `${shape.sql}${terms.where} ${order} LIMIT ${Math.trunc(options.limit)}${lock}`;
    for (const piece of inPieces(asked, width)) {
      const sql = `SELECT asked.column1, found.* FROM (VALUES ${tuplesOf(dialect, piece.length, width)}) AS asked
        CROSS JOIN LATERAL (${one}) AS found`;
      const rows = await read(
        sql,
        piece.flatMap(({ parameters }, place) => [String(place), ...parameters]),
      );
      for (const [place, ...values] of rows) found[piece[Number(place)]?.at ?? -1]?.push(readRow(shape.fields, values));
    }
  }
  return found.map((rows) => rows.sort((a, b) => ((a.sys_id ?? '') < (b.sys_id ?? '') ? -1 : 1)));
};
