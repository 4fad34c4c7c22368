// A bound query over plain objects, as slowly and as plainly as possible: what the compiled SQL is compared with.
// It must share no code with compile/.
import type { Field, Table } from '../../../src/records/dictionary.ts';
import type { BoundCondition, BoundQuery, DatePart, Path, Period } from '../../../src/records/query/bound.ts';
import { toWall } from '../../../src/records/zoned.ts';
import type { ColumnType, Value } from '../../../src/store/store.ts';

/** A record with all its fields, also the inherited ones; `table` is its class. */
export interface Item {
  readonly table: Table;
  readonly values: Readonly<Record<string, Value>>;
}

const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
const isText = (type: ColumnType): boolean => type === 'text' || type === 'text_nocase';

const compareValues = (a: string | number, b: string | number): number => {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
};

const relates = (order: number, relation: string): boolean => {
  if (relation === '=') return order === 0;
  if (relation === '!=') return order !== 0;
  if (relation === '<') return order < 0;
  if (relation === '<=') return order <= 0;
  return relation === '>' ? order > 0 : order >= 0;
};

const dayMs = 86_400_000;
const utcMs = (text: string): number => Date.parse(`${text.length === 10 ? `${text} 00:00:00` : text}Z`.replace(' ', 'T'));
const wallMs = (field: Field, value: string, zone: string): number =>
  field.type === 'glide_date' ? utcMs(value) : toWall(utcMs(value), zone);

const partOf = (wall: number, part: DatePart): number => {
  const date = new Date(wall);
  const year = date.getUTCFullYear();
  switch (part) {
    case 'minute':
      return date.getUTCMinutes();
    case 'hour':
      return date.getUTCHours();
    case 'dayofweek':
      return date.getUTCDay() === 0 ? 7 : date.getUTCDay();
    case 'dayofmonth':
      return date.getUTCDate();
    case 'month':
      return date.getUTCMonth() + 1;
    case 'quarter':
      return Math.floor(date.getUTCMonth() / 3) + 1;
    case 'year':
      return year;
    case 'week': {
      // Sundays of this year up to that day.
      let sundays = 0;
      for (let at = Date.UTC(year, 0, 1); at <= wall; at += dayMs) if (new Date(at).getUTCDay() === 0) sundays += 1;
      return sundays;
    }
  }
};

const bucketOf = (wall: number, period: Period): string => {
  const iso = new Date(wall).toISOString();
  if (period === 'quarter') return `${iso.slice(0, 4)} ${partOf(wall, 'quarter')}`;
  if (period === 'week') return String(Math.floor((Math.floor(wall / dayMs) + 3) / 7));
  return iso.slice(0, { minute: 16, hour: 13, day: 10, month: 7, year: 4 }[period]);
};

export const makeEvaluator = (items: readonly Item[]) => {
  const recordsOf = (table: Table): Item[] => items.filter((item) => item.table.chain.includes(table));

  const fieldOf = (item: Item, path: Path): string | number | null => {
    let at: Item | undefined = item;
    for (const { field, target } of path.steps) {
      const key: Value = at?.values[field.element] ?? null;
      const keyField = target.fields.get(field.referenceKey);
      const canon = (value: Value | undefined): Value =>
        keyField?.columnType === 'text_nocase' && typeof value === 'string' ? fold(value) : (value ?? null);
      // Only the classes that the path needs are joined, so a record of another class under the same root is found too.
      const owner = target.chain[0];
      at =
        key === null || !owner
          ? undefined
          : recordsOf(owner).find((each) => canon(each.values[field.referenceKey]) === canon(key));
    }
    const value = at?.values[path.field.element] ?? null;
    return value instanceof Uint8Array ? null : value;
  };

  /** As values of that column compare. */
  const comparable = (value: string | number, type: ColumnType): string | number =>
    type === 'text_nocase' && typeof value === 'string' ? fold(value) : value;

  const pair = (item: Item, left: Path, right: Path): [string | number | null, string | number | null] => {
    const [a, b] = [fieldOf(item, left), fieldOf(item, right)];
    const [typeA, typeB] = [left.field.columnType, right.field.columnType];
    if (isText(typeA) !== isText(typeB)) return [a === null ? null : String(a), b === null ? null : String(b)];
    return [a === null ? null : comparable(a, typeA), b === null ? null : comparable(b, typeA)];
  };

  const related = (item: Item, condition: Extract<BoundCondition, { kind: 'within' | 'count' }>): number => {
    const own = fieldOf(item, condition.path);
    if (own === null) return 0;
    const type = condition.field.field.columnType;
    const isMixed = isText(type) !== isText(condition.path.field.columnType);
    const canon = (value: string | number): string | number => (isMixed ? String(value) : comparable(value, type));
    return recordsOf(condition.table).filter((other) => {
      const value = fieldOf(other, condition.field);
      return value !== null && canon(value) === canon(own) && holds(other, condition.condition);
    }).length;
  };

  const isBelow = (item: Item, { path, table, parent, root }: Extract<BoundCondition, { kind: 'below' }>): boolean => {
    const rootTable = table.chain[0];
    const start = fieldOf(item, path);
    const seen = new Set<Value>();
    let at: Value = start;
    while (typeof at === 'string' && !seen.has(at)) {
      const record = rootTable && recordsOf(rootTable).find((each) => each.values.sys_id === at);
      if (!record) return false;
      if (at === root) return true;
      seen.add(at);
      at = record.values[parent.element] ?? null;
    }
    return false;
  };

  const holds = (item: Item, condition: BoundCondition): boolean => {
    switch (condition.kind) {
      case 'all':
        return condition.of.every((each) => holds(item, each));
      case 'any':
        return condition.of.some((each) => holds(item, each));
      case 'equals': {
        const value = fieldOf(item, condition.path);
        if (value === null) return condition.isNegated;
        const type = condition.path.field.columnType;
        const isAmong = condition.values.some((each) => comparable(each as string | number, type) === comparable(value, type));
        return isAmong !== condition.isNegated;
      }
      case 'compare': {
        const value = fieldOf(item, condition.path);
        const type = condition.path.field.columnType;
        return (
          value !== null &&
          relates(
            compareValues(comparable(value, type), comparable(condition.value as string | number, type)),
            condition.ordering,
          )
        );
      }
      case 'like': {
        const value = fieldOf(item, condition.path);
        if (value === null) return false;
        const [text, sought] = [fold(String(value)), fold(condition.text)];
        const matches =
          condition.place === 'start'
            ? text.startsWith(sought)
            : condition.place === 'end'
              ? text.endsWith(sought)
              : text.includes(sought);
        return matches !== condition.isNegated;
      }
      case 'empty':
        return (fieldOf(item, condition.path) === null) !== condition.isNegated;
      case 'fields': {
        const [a, b] = pair(item, condition.left, condition.right);
        if (a !== null && b !== null) return relates(compareValues(a, b), condition.relation);
        const areSame = a === null && b === null;
        return condition.relation === '=' ? areSame : condition.relation === '!=' ? !areSame : false;
      }
      case 'same_period': {
        const { left, right, period, zone, isNegated } = condition;
        const [a, b] = [fieldOf(item, left), fieldOf(item, right)];
        if (a === null || b === null) return (a === b) !== isNegated;
        const [bucketA, bucketB] = [
          bucketOf(wallMs(left.field, String(a), zone), period),
          bucketOf(wallMs(right.field, String(b), zone), period),
        ];
        return (bucketA === bucketB) !== isNegated;
      }
      case 'distance': {
        const [a, b] = [fieldOf(item, condition.left), fieldOf(item, condition.right)];
        return (
          a !== null && b !== null && relates(utcMs(String(a)) - utcMs(String(b)) - condition.seconds * 1000, condition.ordering)
        );
      }
      case 'date_part': {
        const value = fieldOf(item, condition.path);
        if (value === null) return false;
        const part = partOf(wallMs(condition.path.field, String(value), condition.zone), condition.part);
        return relates(part - condition.value, condition.relation);
      }
      case 'within':
        return related(item, condition) > 0 !== condition.isNegated;
      case 'count':
        return relates(related(item, condition) - condition.count, condition.relation);
      case 'below':
        return isBelow(item, condition);
    }
  };

  const compareItems =
    ({ order }: BoundQuery) =>
    (x: Item, y: Item): number => {
      for (const { path, isDescending } of order) {
        const [a, b] = [fieldOf(x, path), fieldOf(y, path)];
        const type = path.field.columnType;
        const by =
          a === null || b === null
            ? Number(a !== null) - Number(b !== null)
            : compareValues(comparable(a, type), comparable(b, type));
        if (by !== 0) return isDescending ? -by : by;
      }
      return compareValues(String(x.values.sys_id), String(y.values.sys_id));
    };

  return {
    holds,
    /** sys_ids of the rows, in order. */
    rows: (query: BoundQuery): string[] =>
      recordsOf(query.table)
        .filter((item) => holds(item, query.condition))
        .sort(compareItems(query))
        .map((item) => String(item.values.sys_id)),
  };
};
