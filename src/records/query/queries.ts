// The query language as its users see it: a request in, statements out. Keeps what was compiled, as long as the dictionary is the
// same and nothing in it depends on the time or on who asks. Reads no rows.
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import { keptFor } from '../../kit/kept_for.ts';
import type { Dialect, Value } from '../../store/store.ts';
import type { Caller } from '../caller.ts';
import type { Dictionary, Field, Table } from '../dictionary.ts';
import type { Column, DisplayMode } from '../records.ts';
import { type AskedFigures, readFigures } from './aggregate_shape.ts';
import { type BindRequest, bind } from './bind.ts';
import { allOf, type BoundCondition, type BoundQuery, type Path } from './bound.ts';
import { type AggregateStatement, compileAggregate } from './compile/aggregate.ts';
import { countMayScan, type IsIndexed, mayLieAhead, rowsMayScan, surelyIndexed } from './compile/cost.ts';
import { compileCount, compileOne, compileRows, type OneStatement, type Statement } from './compile/select.ts';
import { type HiddenBehind, pathPast } from './hidden_classes.ts';
import { makeKept } from './kept.ts';
import { type Offset, readOffsets } from './offsets.ts';
import { parse } from './parse.ts';
import { resolvePath } from './resolve.ts';
import { makeSeldomFilled } from './seldom_filled.ts';
import { makeSharedColumns } from './shared_columns.ts';
import { countTerms, type Term } from './syntax.ts';
import { mayShowPath, wantedOf } from './wanted.ts';

export interface QueryRequest {
  readonly dictionary: Dictionary;
  readonly table: Table;
  readonly caller: Pick<Caller, 'userSysId' | 'userName' | 'displayName' | 'timeZone'>;
  readonly query?: string;
  readonly filters?: ReadonlyArray<readonly [field: string, value: string]>;
  /** As asked for, blanks allowed; undefined: every field that may be shown. */
  readonly fields?: readonly string[];
  readonly display?: DisplayMode;
  readonly onInvalidTerm: 'drop' | 'match_nothing';
  /** Rights as a condition, ANDed to every group of the query and to nothing the caller wrote. */
  readonly restriction?: BoundCondition;
  /**
   * Fields of `table` (or of a table that a reference leads to) that may be asked about and shown. `isOtherRecord`: of a record that
   * `restriction` says nothing about, which may be one of the same table.
   */
  readonly mayRead?: (field: Field, table: Table, isOtherRecord: boolean) => boolean;
  /** Of those that may be read, the ones that may be asked about in this way. Unsaid: all. */
  readonly mayAsk?: BindRequest['mayAsk'];
  /** The rows in which a field of `table` that `mayRead` refuses is shown all the same. */
  readonly shownWhere?: (field: Field) => BoundCondition | undefined;
  /** Classes of another table whose records the caller does not see there. */
  readonly hiddenBehind?: HiddenBehind | undefined;
  /** Fields that no record filled so far may be read as one; the plan says where (`seldomAt`). */
  readonly joinsSeldom?: boolean;
  /** Stands for all five together: two requests with the same key have the same rights. Without it nothing is kept. */
  readonly rightsKey?: string;
}

export interface QueryPlan {
  readonly rows: Statement & { readonly mayScan: boolean };
  readonly count: Statement & { readonly mayScan: boolean };
  /** Both at once, the count as the last entry of each row; there is none where one of them may take long. */
  readonly countedRows: Statement | undefined;
  /** The rows of the query among those that come first in its order. A full page of them is the page; any other says nothing. */
  readonly rowsAhead: Statement | undefined;
  readonly columns: readonly Column[];
  /**
   * The entry of each row that stands for all fields that no record filled so far. Where it is not empty one of them is filled: the page is
   * to be read again without `joinsSeldom`.
   */
  readonly seldomAt: number | undefined;
  /** Queries of the same shape ask for the same columns of the same table, with the same rights. Undefined where nothing is kept. */
  readonly shape: string | undefined;
  readonly bound: BoundQuery;
}

export interface Queries {
  /** Limit and offset are the last two parameters: `[...plan.rows.parameters, limit, offset]`. Row entry 0 is the sys_id. */
  plan(request: QueryRequest): QueryPlan;
  /** What was read by this plan tells later ones which fields are seldom filled. */
  learn(plan: QueryPlan, rows: readonly (readonly Value[])[]): void;
  /** The sys_id is the last parameter. `query` and `filters` are not looked at; the restriction is. */
  one(request: QueryRequest): OneStatement;
  /** Figures of the query. The largest number of groups is the last parameter. `fields` is not looked at. */
  aggregate(request: QueryRequest, asked: AskedFigures): AggregateStatement;
  /** The bound query alone, for whoever writes other statements about it. The restriction is in it. */
  bound(request: QueryRequest): BoundQuery;
}

const fieldsText = keptFor((fields: readonly string[]) => JSON.stringify(fields));

export interface QueriesParts {
  readonly dialect: Dialect;
  readonly clock: Clock;
  /** Does an index of its table begin with this field? Unknown: only keys and unique fields count. */
  readonly isIndexed?: IsIndexed;
  /** Statements kept at most. */
  readonly keptLimit?: number;
  /** So many rows come first in an order. */
  readonly ahead?: number;
}

/** Far more than fits in an address; queries also come in the bodies of batches. */
const queryLengthLimit = 200_000;

/** Terms that are looked at, in the query and beside it: reading them takes time too. */
const termLimit = 30_000;

/** Of these, conditions that an engine is asked. It plans a statement in a time that grows faster than its conditions. */
const conditionLimit = 2_000;

/** A text search asks many fields for each of its words. */
const searchWeight = 100;

/** What a term will cost, told from its looks: binding it takes time too. One about no field of the table is left out. */
const weightIn =
  (table: Table) =>
  (term: Term): number => {
    if (term.kind === 'invalid') return 0;
    if (term.kind === 'text_search') return searchWeight;
    if (term.kind !== 'comparison') return 1;
    const dot = term.field.indexOf('.');
    return table.fields.has(dot < 0 ? term.field : term.field.slice(0, dot)) ? 1 : 0;
  };

/** The count repeats the condition: worth it only where that is short. */
const oneWayParameters = 100;

/** Longer statements are not worth their room. */
const keptLengthLimit = 20_000;

/** The compiler with its memory. One for each store. */
export const makeQueries = ({
  dialect,
  clock,
  isIndexed = surelyIndexed,
  keptLimit = 1000,
  ahead = 5000,
}: QueriesParts): Queries => {
  const trees = makeKept<ReturnType<typeof parse>>(keptLimit);
  const seldomFilled = makeSeldomFilled(keptLimit);
  /** What was compiled holds its dictionary, and is let go with it: a dictionary of which there is a newer one is asked no more. */
  const compiledFor = keptFor((_: Dictionary) => ({
    plans: makeKept<QueryPlan>(keptLimit),
    ones: makeKept<OneStatement>(keptLimit),
    sharedColumns: makeSharedColumns(keptLimit),
  }));
  const zones = makeKept<readonly Offset[]>(100);
  const offsets = (zone: string): readonly Offset[] => zones.get(zone, () => readOffsets(zone));

  const bound = (request: QueryRequest): BoundQuery => {
    const tooLong = () => new Fault('bad_request', 'records.query_too_long', 'Query is too long');
    if ((request.query?.length ?? 0) > queryLengthLimit) throw tooLong();
    const syntax = trees.get(request.query ?? '', () => parse(request.query ?? ''));
    const filters = request.filters?.length ?? 0;
    const terms = countTerms(syntax) + filters;
    if (terms > termLimit) throw tooLong();
    // Few queries are long enough to be weighed.
    const isLong = terms * searchWeight > conditionLimit;
    if (isLong && countTerms(syntax, weightIn(request.table)) + filters > conditionLimit) throw tooLong();
    const query = bind({
      dictionary: request.dictionary,
      table: request.table,
      syntax,
      filters: request.filters,
      asker: request.caller,
      nowMs: clock.now(),
      onInvalidTerm: request.onInvalidTerm,
      mayAsk: request.mayAsk ?? request.mayRead,
      hiddenBehind: request.hiddenBehind,
    });
    return request.restriction ? { ...query, condition: allOf(query.condition, request.restriction) } : query;
  };

  const rightsKeyOf = ({ restriction, mayRead, rightsKey }: QueryRequest): string | undefined =>
    rightsKey ?? (restriction || mayRead ? undefined : '');

  /** Parts that anyone may choose tell their length or are JSON, so that no two requests share a key. */
  const shapeKey = (request: QueryRequest): string | undefined => {
    const rights = rightsKeyOf(request);
    if (rights === undefined) return undefined;
    const { dictionary, table, display = 'false', fields, caller } = request;
    const wanted = fields ? fieldsText(fields) : '';
    return `${dictionary.version} ${table.name} ${display} ${caller.timeZone} ${rights.length} ${rights} ${wanted}`;
  };

  const planKey = (shape: string, { query = '', filters = [], onInvalidTerm }: QueryRequest): string =>
    `${shape} ${onInvalidTerm} ${query.length} ${query} ${filters.length === 0 ? '' : JSON.stringify(filters)}`;

  // A value that is empty costs much in the process only; on the way from PostgreSQL it is four bytes.
  const learnsSeldom = dialect.engine === 'sqlite';

  const compile = (request: QueryRequest, seldom?: ReadonlySet<string>): QueryPlan => {
    const query = bound(request);
    const parts = { dictionary: request.dictionary, dialect, offsets, query };
    const shown = { ...parts, wanted: wantedOf(request), display: request.display ?? 'false', seldom };
    const { columns, seldomAt, ...rows } = compileRows(shown);
    const mayScan = { rows: rowsMayScan(query, isIndexed), count: countMayScan(query, isIndexed) };
    // One way to the server instead of two. In the process, a count that is not needed is spared (select_records.ts).
    const isShort = rows.parameters.length <= oneWayParameters;
    const isOneWay = dialect.engine === 'postgres' && isShort && !mayScan.rows && !mayScan.count;
    const isAhead = dialect.engine === 'sqlite' && mayScan.rows && mayLieAhead(query, isIndexed);
    return {
      rows: { ...rows, mayScan: mayScan.rows },
      count: { ...compileCount(parts), mayScan: mayScan.count },
      countedRows: isOneWay ? compileRows({ ...shown, isCounted: true }) : undefined,
      rowsAhead: isAhead ? compileRows({ ...shown, ahead }) : undefined,
      columns,
      seldomAt,
      shape: undefined,
      bound: query,
    };
  };

  return {
    bound,
    aggregate(request, asked) {
      const { dictionary, table } = request;
      const query = bound(request);
      const resolve = (text: string): Path | undefined => {
        const path = resolvePath(dictionary, table, text.trim());
        return path && mayShowPath(request, path) ? pathPast(request.hiddenBehind, path) : undefined;
      };
      const shape = readFigures(
        { ...asked, groupBy: [...asked.groupBy, ...query.groupBy.map((path) => path.text)] },
        resolve,
        request.caller.timeZone,
      );
      return compileAggregate({ dictionary, dialect, offsets, query, shape, display: request.display ?? 'false' });
    },
    plan(request) {
      const shape = shapeKey(request);
      if (shape === undefined) return compile(request);
      const seldom = learnsSeldom && request.joinsSeldom ? seldomFilled.of(shape) : undefined;
      const seldomKey = `${seldom?.number ?? 0} `;
      const { plans, sharedColumns } = compiledFor(request.dictionary);
      return plans.get(
        seldomKey + planKey(shape, request),
        () => {
          const plan = compile(request, seldom?.keys);
          return { ...plan, shape, columns: sharedColumns(seldomKey + shape, plan.columns) };
        },
        (plan) => !plan.bound.isPersonal && !plan.bound.isTimed && plan.rows.sql.length <= keptLengthLimit,
      );
    },
    learn({ shape, seldomAt, columns }, rows) {
      if (learnsSeldom && shape !== undefined && seldomAt === undefined) seldomFilled.learn(shape, columns, rows);
    },
    one(request) {
      const make = (): OneStatement =>
        compileOne({
          dictionary: request.dictionary,
          dialect,
          offsets,
          query: bound({ ...request, query: undefined, filters: undefined }),
          wanted: wantedOf(request),
          display: request.display ?? 'false',
        });
      const key = shapeKey(request);
      return key === undefined ? make() : compiledFor(request.dictionary).ones.get(key, make);
    },
  };
};
