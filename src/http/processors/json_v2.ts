// `<table>.do?JSONv2`: the older JSON service, which some tools still speak. Flat values, one list of records, writes by query.
// It must not let a term that cannot be understood widen a write: such a query matches nothing.
import { Fault, isFault } from '../../kit/fault.ts';
import { makeCell } from '../../records/present/cell.ts';
import type { ShownNames } from '../../records/present/names.ts';
import type { Properties } from '../../records/properties.ts';
import type { DisplayMode, Records, Selection } from '../../records/records.ts';
import type { Answer, Asked } from '../api.ts';
import { valuesOfJson } from '../bodies/read_values.ts';
import { apiAddress } from '../table/table_address.ts';
import { tableMeant } from './table_meant.ts';

export interface ProcessorParts {
  records: Records;
  properties: Pick<Properties, 'flag'>;
  /** Names behind lists of references, and journal texts. */
  namesFor: (asked: Pick<Asked, 'caller'>, selection: Selection) => Promise<ShownNames>;
}

type Entry = Readonly<Record<string, unknown>>;

const usualCount = 250;
const largestCount = 10_000;
/** Each is a write of its own. */
const mostWrites = 1000;

const displayOf = ({ parameters }: Asked): DisplayMode => {
  const said = (parameters.get('displayvalue') ?? parameters.get('sysparm_display_value'))?.toLowerCase();
  return said === 'true' || said === 'all' ? said : 'false';
};

const success = { __status: 'success' } as const;

const entriesOf = async ({ records, namesFor }: ProcessorParts, asked: Asked, selection: Selection): Promise<Entry[]> => {
  const display = displayOf(asked);
  const about = {
    dictionary: records.dictionary(),
    linkBase: apiAddress(asked),
    timeZone: asked.caller.timeZone,
    formats: asked.caller.formats,
  };
  const cells = selection.columns.map((column) => makeCell(column, about));
  const names = await namesFor(asked, selection);
  return selection.rows.map((row) => {
    const entry: Record<string, unknown> = Object.create(null);
    for (const cell of cells) {
      entry[cell.key] = display === 'true' ? cell.shown(row, names) : cell.value(row);
      if (display === 'all') entry[`dv_${cell.key}`] = cell.shown(row, names);
    }
    return { ...entry, ...success };
  });
};

const queryOf = ({ parameters }: Asked): string | undefined => {
  const sysId = parameters.get('sysparm_sys_id');
  const query = parameters.get('sysparm_query');
  // A sys_id that could be read as more than one term names no record.
  if (sysId !== undefined) return /^[^^]+$/.test(sysId) ? `sys_id=${sysId}` : 'sys_id=';
  return query;
};

const select = (parts: ProcessorParts, asked: Asked): Promise<Selection> =>
  parts.records.list(asked.caller, {
    table: tableMeant(parts.records, asked),
    query: queryOf(asked),
    display: displayOf(asked),
    limit: Math.min(asked.parameters.wholeNumber('sysparm_record_count') ?? usualCount, largestCount),
    onInvalidTerm: 'as_configured',
  });

/** The records that a write is about; a write without a query is about none. */
const chosen = async (parts: ProcessorParts, asked: Asked, query: string | undefined): Promise<string[]> => {
  if (!query) {
    throw new Fault('bad_request', 'http.query_expected', 'Exception while reading request', {
      explanation: 'sysparm_sys_id or sysparm_query must say which records are meant',
    });
  }
  const { rows } = await parts.records.list(asked.caller, {
    table: tableMeant(parts.records, asked),
    query,
    fields: ['sys_id'],
    limit: mostWrites,
    onInvalidTerm: 'match_nothing',
  });
  return rows.map((row) => String(row[0]));
};

const insert = async (parts: ProcessorParts, asked: Asked): Promise<Entry[]> =>
  entriesOf(
    parts,
    asked,
    await parts.records.insert(asked.caller, tableMeant(parts.records, asked), await asked.values(), {
      display: displayOf(asked),
    }),
  );

const recordsExpected = (): Fault =>
  new Fault('bad_request', 'http.records_expected', 'Exception while reading request', {
    explanation: `records must be a list of at most ${mostWrites}`,
  });

/** Each on its own: one that is refused says so in its place, and the others stand. */
const insertMultiple = async (parts: ProcessorParts, asked: Asked): Promise<Entry[]> => {
  const sent = (await asked.json()) as { records?: unknown } | undefined;
  const records = sent?.records;
  if (!Array.isArray(records) || records.length > mostWrites) throw recordsExpected();
  const [table, options] = [tableMeant(parts.records, asked), { display: displayOf(asked) }];
  const done: Entry[] = [];
  for (const values of records.map(valuesOfJson)) {
    try {
      done.push(...(await entriesOf(parts, asked, await parts.records.insert(asked.caller, table, values, options))));
    } catch (error) {
      if (!isFault(error) || error.kind !== 'forbidden') throw error;
      done.push({ __status: 'failure', __error: { message: error.message, reason: error.explanation ?? '' } });
    }
  }
  return done;
};

const update = async (parts: ProcessorParts, asked: Asked): Promise<Entry[]> => {
  const values = await asked.values();
  const done: Entry[] = [];
  for (const sysId of await chosen(parts, asked, queryOf(asked))) {
    const updated = await parts.records.update(asked.caller, tableMeant(parts.records, asked), sysId, values, {
      display: displayOf(asked),
    });
    done.push(...(await entriesOf(parts, asked, updated)));
  }
  return done;
};

const removeAll = async (parts: ProcessorParts, asked: Asked, query: string | undefined): Promise<Entry[]> => {
  const done: Entry[] = [];
  for (const sysId of await chosen(parts, asked, query)) {
    await parts.records.remove(asked.caller, tableMeant(parts.records, asked), sysId);
    done.push({ sys_id: sysId, ...success });
  }
  return done;
};

const remove = async (parts: ProcessorParts, asked: Asked): Promise<Entry[]> => {
  const { sysparm_sys_id: inBody } = await asked.values();
  return removeAll(parts, asked, queryOf(asked) ?? (inBody && /^[^^]+$/.test(inBody) ? `sys_id=${inBody}` : undefined));
};

const removeMultiple = async (parts: ProcessorParts, asked: Asked): Promise<Entry[]> => {
  const { sysparm_query: inBody } = await asked.values();
  return removeAll(parts, asked, queryOf(asked) ?? inBody ?? undefined);
};

const unknownAction = (action: string): Fault =>
  new Fault('bad_request', 'http.unknown_action', 'Exception while reading request', {
    explanation: `sysparm_action is not known: ${action}`,
  });

const say = (records: unknown): Answer => ({ status: 200, body: JSON.stringify({ records }) });

export const readJsonV2 = async (parts: ProcessorParts, asked: Asked): Promise<Answer> => {
  const action = asked.parameters.get('sysparm_action') ?? 'getRecords';
  if (action !== 'get' && action !== 'getRecords' && action !== 'getKeys') throw unknownAction(action);
  const entries = await entriesOf(parts, asked, await select(parts, asked));
  return say(action === 'getKeys' ? entries.map((entry) => entry.sys_id) : entries);
};

const writes: ReadonlyMap<string, (parts: ProcessorParts, asked: Asked) => Promise<Entry[]>> = new Map([
  ['insert', insert],
  ['insertMultiple', insertMultiple],
  ['update', update],
  ['deleteRecord', remove],
  ['deleteMultiple', removeMultiple],
]);

export const writeJsonV2 = async (parts: ProcessorParts, asked: Asked): Promise<Answer> => {
  const action = asked.parameters.get('sysparm_action') ?? '';
  const write = writes.get(action);
  return write ? say(await write(parts, asked)) : readJsonV2(parts, asked);
};
