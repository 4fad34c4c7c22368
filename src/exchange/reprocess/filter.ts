// Which rows of the outbound queue an administrator means. The only way from his words to SQL: every value is a parameter.
import { readWireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Dialect, Value } from '../../store/store.ts';

export interface QueueFilter {
  readonly connection?: string;
  readonly direction?: 'outbound' | 'inbound';
  readonly state?: string;
  readonly errorClass?: string;
  readonly errorCode?: string;
  /** Table of the record whose change it is. */
  readonly table?: string;
  /** `YYYY-MM-DD HH:MM:SS`, UTC: created at or after. */
  readonly since?: string;
  readonly ids?: readonly string[];
  /** Towards the peer, and not known to have got there; heartbeats and acknowledgements do not count. */
  readonly isUndelivered?: boolean;
}

const states = new Set(['ready', 'running', 'sent', 'processed', 'error', 'skipped']);
const classes = new Set(['permanent', 'transient', 'auth']);
const idLimit = 1000;

const wrong = (explanation: string): Fault =>
  new Fault('bad_request', 'exchange.bad_filter', 'The filter cannot be understood', { explanation });

/** Over `q`: what would be lost if the queue were emptied now. */
export const undeliveredSql =
  "q.direction = 'outbound' AND q.state IN ('ready', 'running', 'sent', 'error') AND q.kind NOT IN ('heartbeat', 'ack')";

/** `words`: as they came, from a query string or a JSON body. Throws `exchange.bad_filter`, also for a word that is no filter. */
export const readFilter = (words: ReadonlyMap<string, unknown>): QueueFilter => {
  const filter: { -readonly [K in keyof QueueFilter]: QueueFilter[K] } = {};
  for (const [name, value] of words) {
    if (value === undefined || value === '' || value === null) continue;
    if (name === 'ids') {
      const ids = Array.isArray(value) ? value : String(value).split(',');
      if (ids.length > idLimit || !ids.every((id) => typeof id === 'string' && /^[0-9a-z]{32}$/i.test(id))) {
        throw wrong(`ids must be sys_ids of rows, at most ${idLimit}.`);
      }
      filter.ids = ids;
      continue;
    }
    if (typeof value !== 'string' || value.length > 100) throw wrong(`${name} must be a text of at most 100 characters.`);
    if (name === 'connection') filter.connection = value;
    else if (name === 'direction' && (value === 'outbound' || value === 'inbound')) filter.direction = value;
    else if (name === 'state' && states.has(value)) filter.state = value;
    else if (name === 'error_class' && classes.has(value)) filter.errorClass = value;
    else if (name === 'error_code') filter.errorCode = value;
    else if (name === 'table') filter.table = value;
    else if (name === 'undelivered' && (value === 'true' || value === 'false')) filter.isUndelivered = value === 'true';
    else if (name === 'since' && !Number.isNaN(readWireMoment(value))) filter.since = value;
    else throw wrong(`${name.slice(0, 40)} is no filter, or has a value that it cannot have.`);
  }
  return filter;
};

/** WHERE over `q`, and its parameters. */
export const whereOf = (dialect: Dialect, filter: QueueFilter): { sql: string; parameters: Value[] } => {
  const parameters: Value[] = [];
  const terms: string[] = [];
  const equal = (column: string, value: string | undefined): void => {
    if (value === undefined) return;
    parameters.push(value);
    terms.push(`q.${column} = ${dialect.parameter(parameters.length)}`);
  };
  equal('connection', filter.connection);
  equal('direction', filter.direction);
  equal('state', filter.state);
  equal('error_class', filter.errorClass);
  equal('error_code', filter.errorCode);
  equal('source_table', filter.table);
  // Rows in error are found by their class, of which there is an index; there is none of the state.
  if (filter.state === 'error' && !filter.errorClass) terms.push(`q.error_class IN ('permanent', 'transient', 'auth')`);
  if (filter.isUndelivered) terms.push(undeliveredSql);
  if (filter.since !== undefined) {
    parameters.push(filter.since);
    terms.push(`q.sys_created_on >= ${dialect.parameter(parameters.length)}`);
  }
  if (filter.ids) {
    const places = filter.ids.map((id) => dialect.parameter(parameters.push(id)));
    terms.push(places.length > 0 ? `q.sys_id IN (${places.join(', ')})` : '1 = 0');
  }
  return { sql: terms.length > 0 ? terms.join(' AND ') : '1 = 1', parameters };
};
