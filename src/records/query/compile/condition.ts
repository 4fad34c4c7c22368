// Bound condition → SQL that is true or not; NULL counts as not true, so nothing here may stand under a NOT.
import type { ColumnType, Value } from '../../../store/store.ts';
import type { Table } from '../../dictionary.ts';
import type { BoundCondition, Ordering, Path } from '../bound.ts';
import { type Column, type From, makeFrom } from './from.ts';
import { bucketOf, momentText, partOf, shiftedText, wallText } from './moment_sql.ts';
import type { Writer } from './writer.ts';

type Of<K extends BoundCondition['kind']> = Extract<BoundCondition, { kind: K }>;

// Balanced, not chained: SQLite refuses expressions deeper than 1000, and a query may have more terms than that.
const joined = (parts: readonly string[], word: 'AND' | 'OR'): string => {
  if (parts.length <= 8) return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(` ${word} `)})`;
  const middle = parts.length >> 1;
  return `(${joined(parts.slice(0, middle), word)} ${word} ${joined(parts.slice(middle), word)})`;
};

const escaped = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

export const makeConditionWriter = (writer: Writer, from: From) => {
  const { dialect } = writer;
  const comparable = ({ sql, type }: Column): string => dialect.comparable(sql, type);
  const parameter = (value: Value, type: ColumnType): string => dialect.comparableParameter(writer.parameter(value), type);
  const column = (path: Path): Column => from.column(path);

  const equals = ({ path, values, isNegated }: Of<'equals'>): string => {
    if (values.length === 0) return isNegated ? '1 = 1' : '1 = 0';
    const left = column(path);
    const list = values.map((value) => parameter(value, left.type));
    const is = list.length === 1 ? `${isNegated ? '<>' : '='} ${list[0]}` : `${isNegated ? 'NOT IN' : 'IN'} (${list.join(', ')})`;
    const test = `${comparable(left)} ${is}`;
    return isNegated ? `(${test} OR ${left.sql} IS NULL)` : test;
  };

  const compare = ({ path, ordering, value }: Of<'compare'>): string => {
    const left = column(path);
    return `${comparable(left)} ${ordering} ${parameter(value, left.type)}`;
  };

  const like = ({ path, place, text, isNegated }: Of<'like'>): string => {
    const left = column(path);
    const pattern = `${place === 'start' ? '' : '%'}${escaped(text)}${place === 'end' ? '' : '%'}`;
    const test = dialect.like(dialect.asText(left.sql, left.type), writer.parameter(pattern));
    return isNegated ? `(NOT (${test}))` : test;
  };

  // Columns of different kinds meet as text; otherwise the left one decides whether case matters.
  const comparablePair = (left: Column, right: Column): readonly [string, string] => {
    const isText = [left, right].map(({ type }) => type === 'text' || type === 'text_nocase');
    if (isText[0] !== isText[1]) return [dialect.asText(left.sql, left.type), dialect.asText(right.sql, right.type)];
    return [dialect.comparable(left.sql, left.type), dialect.comparable(right.sql, left.type)];
  };

  const fields = ({ left, relation, right }: Of<'fields'>): string => {
    const [columnA, columnB] = [column(left), column(right)];
    const [a, b] = comparablePair(columnA, columnB);
    const [isEmptyA, isEmptyB] = [`${columnA.sql} IS NULL`, `${columnB.sql} IS NULL`];
    if (relation === '=') return `(${a} = ${b} OR (${isEmptyA} AND ${isEmptyB}))`;
    if (relation === '!=') return `(${a} <> ${b} OR (${isEmptyA}) <> (${isEmptyB}))`;
    return `${a} ${relation as Ordering} ${b}`;
  };

  const samePeriod = ({ left, right, period, zone, isNegated }: Of<'same_period'>): string => {
    const [a, b] = [left, right].map((path) => column(path).sql);
    const [bucketA, bucketB] = [left, right].map((path) =>
      bucketOf(writer, wallText(writer, path, column(path).sql, zone), period),
    );
    if (!isNegated) return `(${bucketA} = ${bucketB} OR (${a} IS NULL AND ${b} IS NULL))`;
    return `(${bucketA} <> ${bucketB} OR (${a} IS NULL) <> (${b} IS NULL))`;
  };

  const distance = ({ left, ordering, right, seconds }: Of<'distance'>): string =>
    `${momentText(left, column(left).sql)} ${ordering} ${shiftedText(writer, momentText(right, column(right).sql), String(Math.trunc(seconds)))}`;

  const datePart = ({ path, part, relation, value, zone }: Of<'date_part'>): string =>
    `${partOf(writer, wallText(writer, path, column(path).sql, zone), part)} ${relation === '!=' ? '<>' : relation} ${writer.parameter(value)}`;

  // Rows of another table that belong to this row. EXISTS, not IN: a NULL among their values must not spoil the negated form.
  const related = (path: Path, table: Table, field: Path, condition: BoundCondition): string => {
    const outer = column(path);
    const other = makeFrom(writer, table);
    const [inner, own] = comparablePair(other.column(field), outer);
    const rest = makeConditionWriter(writer, other)(condition);
    return `FROM ${other.sql()} WHERE ${inner} = ${own} AND ${rest}`;
  };

  const within = ({ path, table, field, condition, isNegated }: Of<'within'>): string =>
    `${isNegated ? 'NOT ' : ''}EXISTS (SELECT 1 ${related(path, table, field, condition)})`;

  const count = ({ path, table, field, condition, relation, count: wanted }: Of<'count'>): string => {
    const matching = related(path, table, field, condition);
    if ((relation === '>=' && wanted === 1) || (relation === '>' && wanted === 0)) return `EXISTS (SELECT 1 ${matching})`;
    if ((relation === '=' && wanted === 0) || (relation === '<' && wanted === 1)) return `NOT EXISTS (SELECT 1 ${matching})`;
    return `(SELECT COUNT(*) ${matching}) ${relation === '!=' ? '<>' : relation} ${writer.parameter(wanted)}`;
  };

  // UNION, not UNION ALL: a record that is its own ancestor must not make this run forever.
  const below = ({ path, parent, root }: Of<'below'>): string => {
    const [tree, child] = [writer.alias(), writer.alias()];
    const table = dialect.name(parent.table);
    const id = dialect.name('sys_id');
    const start = `SELECT ${id} FROM ${table} WHERE ${id} = ${writer.parameter(root)}`;
    const next = `SELECT ${writer.column(child, 'sys_id')} FROM ${table} ${dialect.name(child)} JOIN ${dialect.name(tree)} ON ${writer.column(child, parent.column)} = ${writer.column(tree, 'sys_id')}`;
    return `${column(path).sql} IN (WITH RECURSIVE ${dialect.name(tree)} (${id}) AS (${start} UNION ${next}) SELECT ${id} FROM ${dialect.name(tree)})`;
  };

  const write = (condition: BoundCondition): string => {
    switch (condition.kind) {
      case 'all':
        return condition.of.length === 0 ? '1 = 1' : joined(condition.of.map(write), 'AND');
      case 'any':
        return condition.of.length === 0 ? '1 = 0' : joined(condition.of.map(write), 'OR');
      case 'equals':
        return equals(condition);
      case 'compare':
        return compare(condition);
      case 'like':
        return like(condition);
      case 'empty':
        return `${column(condition.path).sql} IS ${condition.isNegated ? 'NOT ' : ''}NULL`;
      case 'fields':
        return fields(condition);
      case 'within':
        return within(condition);
      case 'count':
        return count(condition);
      case 'same_period':
        return samePeriod(condition);
      case 'distance':
        return distance(condition);
      case 'date_part':
        return datePart(condition);
      case 'below':
        return below(condition);
    }
  };
  return write;
};
