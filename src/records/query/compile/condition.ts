// Bound condition → SQL that is true or not; NULL counts as not true, so nothing here may stand under a NOT.
import type { ColumnType, Value } from '../../../store/store.ts';
import type { BoundCondition, Ordering, Path } from '../bound.ts';
import { type Column, type From, makeFrom } from './from.ts';
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

  const fields = ({ left, relation, right }: Of<'fields'>): string => {
    const columns = [column(left), column(right)] as const;
    // Columns of different kinds meet as text; the left one decides whether case matters.
    const isText = columns.map(({ type }) => type === 'text' || type === 'text_nocase');
    const [a, b] = isText[0] === isText[1] ? columns.map(comparable) : columns.map(({ sql, type }) => dialect.asText(sql, type));
    const [isEmptyA, isEmptyB] = columns.map(({ sql }) => `${sql} IS NULL`);
    if (relation === '=') return `(${a} = ${b} OR (${isEmptyA} AND ${isEmptyB}))`;
    if (relation === '!=') return `(${a} <> ${b} OR (${isEmptyA}) <> (${isEmptyB}))`;
    return `${a} ${relation as Ordering} ${b}`;
  };

  // A value among those of another table's rows. EXISTS, not IN: a NULL among the values must not spoil the negated form.
  const within = ({ path, table, field, condition, isNegated }: Of<'within'>): string => {
    const outer = column(path);
    const other = makeFrom(writer, table);
    const inner = other.column(field);
    const rest = makeConditionWriter(writer, other)(condition);
    return `${isNegated ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${other.sql()} WHERE ${comparable(inner)} = ${dialect.comparable(outer.sql, inner.type)} AND ${rest})`;
  };

  const count = ({ path, table, field, condition, relation, count: wanted }: Of<'count'>): string => {
    const outer = column(path);
    const other = makeFrom(writer, table);
    const inner = other.column(field);
    const rest = makeConditionWriter(writer, other)(condition);
    const matching = `FROM ${other.sql()} WHERE ${comparable(inner)} = ${dialect.comparable(outer.sql, inner.type)} AND ${rest}`;
    if ((relation === '>=' && wanted === 1) || (relation === '>' && wanted === 0)) return `EXISTS (SELECT 1 ${matching})`;
    if ((relation === '=' && wanted === 0) || (relation === '<' && wanted === 1)) return `NOT EXISTS (SELECT 1 ${matching})`;
    return `(SELECT COUNT(*) ${matching}) ${relation === '!=' ? '<>' : relation} ${writer.parameter(wanted)}`;
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
      default:
        return '1 = 0';
    }
  };
  return write;
};
