// Syntax tree + dictionary + who asks → bound query. Decides what counts as invalid; must not write SQL.
import type { Dictionary, Field, Table } from '../dictionary.ts';
import { fieldTypeOf } from '../field_types/index.ts';
import { cleanText } from '../field_types/text.ts';
import type { QueryKind } from '../rights.ts';
import { allOf, always, anyOf, type BoundCondition, type BoundQuery, type BoundSort, never, type Path } from './bound.ts';
import { isScript } from './call.ts';
import { type HiddenBehind, noneOf, pathPast } from './hidden_classes.ts';
import { operators } from './operators/index.ts';
import type { Operator, Scope } from './operators/operator.ts';
import { queryKindOf } from './operators/query_kind.ts';
import type { Now } from './relative.ts';
import { displayPath, resolvePath } from './resolve.ts';
import type { Comparison, Join, RelatedCount, Syntax, Term, TextSearch } from './syntax.ts';
import { type Asker, readLiteral, readScript } from './values.ts';

export interface BindRequest {
  readonly dictionary: Dictionary;
  readonly table: Table;
  readonly syntax: Syntax;
  /** Bare `field=value` of the URL, ANDed with every group. */
  readonly filters?: ReadonlyArray<readonly [field: string, value: string]>;
  readonly asker: Asker & { readonly timeZone: string };
  readonly nowMs: number;
  /** What becomes of a term that cannot be understood: left out, or the whole query matches nothing. */
  readonly onInvalidTerm: 'drop' | 'match_nothing';
  /** Fields the caller may not read may not be asked about either. Default: all may. */
  readonly mayAsk?: (field: Field, table: Table, isOtherRecord: boolean, kind: QueryKind) => boolean;
  readonly hiddenBehind?: HiddenBehind | undefined;
}

const operatorOf: ReadonlyMap<string, Operator> = new Map(
  operators.flatMap((operator) => operator.tokens.map((token) => [token, operator] as const)),
);

/** Nesting of blocks inside blocks; deeper ones are invalid. */
const depthLimit = 4;
/** Fields that a text search looks into. */
const searchedFieldLimit = 40;

const isSearched = (field: Field): boolean =>
  field.columnType === 'text_nocase' && field.column !== '' && !fieldTypeOf(field.type).secret;

/** Binds a query. Never throws: what is wrong with it is told in the lists of the answer. */
export const bind = (request: BindRequest): BoundQuery => {
  const { dictionary, asker, onInvalidTerm } = request;
  const invalidTerms: string[] = [];
  const unknownFields = new Set<string>();
  const unreadableFields = new Set<string>();
  let isPersonal = false;
  let isTimed = false;

  // `isOther`: the record asked about is another than the one that the rights condition holds for: behind a reference, or in a block.
  const mayAskField = (field: Field, table: Table, isOther: boolean, kind: QueryKind): boolean =>
    field.column !== '' && !fieldTypeOf(field.type).secret && (request.mayAsk?.(field, table, isOther, kind) ?? true);
  // A step along a reference asks for the very record that it names.
  const mayAskFrom = (table: Table, { steps, field }: Path, isOther: boolean, kind: QueryKind): boolean =>
    steps.every((step, at) => mayAskField(step.field, steps[at - 1]?.target ?? table, isOther || at > 0, 'match')) &&
    mayAskField(field, steps.at(-1)?.target ?? table, isOther || steps.length > 0, kind);

  const resolveFrom = (table: Table, text: string, isOther: boolean, kind: QueryKind): Path | undefined => {
    const path = resolvePath(dictionary, table, text);
    if (!path) unknownFields.add(text);
    else if (!mayAskFrom(table, path, isOther, kind)) unreadableFields.add(text);
    else return pathPast(request.hiddenBehind, path);
    return undefined;
  };

  const askNow = (): Now => {
    isTimed = true;
    return { atMs: request.nowMs, timeZone: asker.timeZone };
  };
  const askAsker = (): Asker => {
    isPersonal = true;
    return asker;
  };

  const scopeOf = (table: Table, isFilter: boolean, isOther: boolean, kind: QueryKind): Scope => ({
    dictionary,
    table,
    isFilter,
    timeZone: asker.timeZone,
    now: askNow,
    asker: askAsker,
    read: ({ field }, text) =>
      isScript(text)
        ? readScript(field, text, { asker: askAsker, now: askNow, timeZone: asker.timeZone })
        : readLiteral(field, text, asker.timeZone),
    resolve: (text) => resolveFrom(table, text, isOther, kind),
    mayAsk: (path) => mayAskFrom(table, path, isOther, kind),
  });

  const bindComparison = (
    table: Table,
    { field, operator, value }: Comparison,
    isFilter: boolean,
    isOther: boolean,
  ): BoundCondition | undefined => {
    const kind = queryKindOf(operator);
    const path = resolveFrom(table, field, isOther, kind);
    return path && operatorOf.get(operator)?.bind({ path, operator, value }, scopeOf(table, isFilter, isOther, kind));
  };

  const bindSearch = (table: Table, { value }: TextSearch, isOther: boolean): BoundCondition | undefined => {
    const fields = [...table.fields.values()]
      .filter((field) => isSearched(field) && mayAskField(field, table, isOther, 'range'))
      .slice(0, searchedFieldLimit);
    const words = cleanText(value)
      .split(/\s+/)
      .filter((word) => word !== '')
      .slice(0, 10);
    if (words.length === 0) return undefined;
    return allOf(
      ...words.map((text) =>
        anyOf(
          ...fields.map(
            (field) =>
              ({
                kind: 'like',
                path: { text: field.element, steps: [], field },
                place: 'anywhere',
                text,
                isNegated: false,
              }) as const,
          ),
        ),
      ),
    );
  };

  /** Of another table's rows a block asks about those alone that would be seen there. */
  const bindBlock = (other: Table, query: Syntax, depth: number): BoundCondition =>
    allOf(bindGroups(other, query, depth), noneOf(other, request.hiddenBehind?.(other) ?? []) ?? always);

  const bindJoin = (table: Table, term: Join, depth: number): BoundCondition | undefined => {
    // Either side may name the queried table; the other one is joined.
    const isFlipped = dictionary.table(term.table) !== table && dictionary.table(term.otherTable) === table;
    const [own, ownField] = isFlipped ? [term.otherTable, term.otherField] : [term.table, term.field];
    const [other, otherField] = isFlipped ? [term.table, term.field] : [term.otherTable, term.otherField];
    const otherTable = dictionary.table(other);
    if (!table.chain.some((each) => each.name === own) || !otherTable) return undefined;
    const path = resolveFrom(table, ownField, depth > 0, 'match');
    const field = resolveFrom(otherTable, otherField, true, 'match');
    const condition = bindBlock(otherTable, term.query, depth + 1);
    return path && field && { kind: 'within', path, table: otherTable, field, condition, isNegated: false };
  };

  const bindRelated = (table: Table, term: RelatedCount, depth: number): BoundCondition | undefined => {
    const other = dictionary.table(term.table);
    const path = resolvePath(dictionary, table, 'sys_id');
    const field = other && resolveFrom(other, term.field, true, 'match');
    if (!other || !path || !field) return undefined;
    const condition = bindBlock(other, term.query, depth + 1);
    return allOf(...term.counts.map((count) => ({ kind: 'count', path, table: other, field, condition, ...count }) as const));
  };

  const bindTerm = (table: Table, term: Term, depth: number, isFilter: boolean): BoundCondition | undefined => {
    if (depth > depthLimit) return undefined;
    switch (term.kind) {
      case 'comparison':
        return bindComparison(table, term, isFilter, depth > 0);
      case 'text_search':
        return bindSearch(table, term, depth > 0);
      case 'join':
        return bindJoin(table, term, depth);
      case 'related_count':
        return bindRelated(table, term, depth);
      case 'invalid':
        return undefined;
    }
  };

  const bindRun = (table: Table, run: readonly Term[], depth: number, isFilter: boolean): BoundCondition => {
    const bound: BoundCondition[] = [];
    for (const term of run) {
      const condition = bindTerm(table, term, depth, isFilter);
      if (condition) bound.push(condition);
      else invalidTerms.push(term.text);
    }
    // A run all of whose terms were dropped asks nothing.
    return bound.length === 0 ? always : anyOf(...bound);
  };

  const bindGroups = (table: Table, syntax: Syntax, depth: number): BoundCondition =>
    syntax.groups.length === 0
      ? always
      : anyOf(...syntax.groups.map((group) => allOf(...group.map((run) => bindRun(table, run, depth, false)))));

  const bindSort = ({ field, isDescending }: Syntax['order'][number]): BoundSort[] => {
    const path = resolveFrom(request.table, field, false, 'range');
    if (!path) {
      invalidTerms.push(`ORDERBY${isDescending ? 'DESC' : ''}${field}`);
      return [];
    }
    // People see names, not sys_ids, so that is what a list is sorted by.
    const shown = path.field.type === 'reference' ? displayPath(dictionary, path) : undefined;
    return [{ path: shown && mayAskFrom(request.table, shown, false, 'range') ? shown : path, isDescending }];
  };

  const asked = bindGroups(request.table, request.syntax, 0);
  // Addresses carry more than filters (`_=1699999999`, `format=json`): a name that is no field is invalid, but nobody's secret.
  const filtered = (request.filters ?? []).map(([field, value]) => {
    const text = `${field}=${value}`;
    if (resolvePath(dictionary, request.table, field))
      return bindRun(request.table, [{ kind: 'comparison', field, operator: '=', value, text }], 0, true);
    invalidTerms.push(text);
    return always;
  });
  // Sorting by nothing sensible does not change which rows there are, so only conditions can make a query match nothing.
  const isRefused = onInvalidTerm === 'match_nothing' && invalidTerms.length > 0;
  const order = request.syntax.order.flatMap(bindSort);
  const groupBy = request.syntax.groupBy.flatMap((text) => resolveFrom(request.table, text, false, 'match') ?? []);
  return {
    table: request.table,
    condition: isRefused ? never : allOf(asked, ...filtered),
    order,
    groupBy,
    invalidTerms,
    unknownFields: [...unknownFields],
    unreadableFields: [...unreadableFields],
    isPersonal,
    isTimed,
  };
};
