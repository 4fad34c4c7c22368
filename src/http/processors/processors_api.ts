// Addresses of the form `<table>.do?JSONv2` and `<table>_list.do?CSV`: what the parameter names decides who answers.
import type { ApiCall } from '../../oauth/api_call.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { readParameters } from '../parameters.ts';
import { unknownResource } from '../unknown_address.ts';
import { exportCsv } from './csv.ts';
import { type ProcessorParts, readJsonV2, writeJsonV2 } from './json_v2.ts';
import { tableNamed } from './table_meant.ts';

const names = (asked: Asked, processor: string): boolean => asked.parameters.pairs.some(([name]) => name === processor);

const read =
  (parts: ProcessorParts) =>
  async (asked: Asked): Promise<Answer> => {
    if (names(asked, 'JSONv2')) return readJsonV2(parts, asked);
    if (names(asked, 'CSV')) return exportCsv(parts, asked);
    throw unknownResource(false);
  };

const write =
  (parts: ProcessorParts) =>
  async (asked: Asked): Promise<Answer> => {
    if (names(asked, 'JSONv2')) return writeJsonV2(parts, asked);
    throw unknownResource(false);
  };

const methods: ReadonlyMap<string, string> = new Map([
  ['insert', 'POST'],
  ['insertMultiple', 'POST'],
  ['update', 'PATCH'],
  ['deleteRecord', 'DELETE'],
  ['deleteMultiple', 'DELETE'],
]);

/** Whoever closes the Table API to a way of signing in, or to a scope, has closed the same records here. */
const makeStandsFor =
  ({ records }: ProcessorParts) =>
  (call: ApiCall, queryText: string): ApiCall => {
    const { get } = readParameters(queryText);
    const action = call.method === 'POST' ? get('sysparm_action') : undefined;
    const method = methods.get(action ?? '') ?? 'GET';
    const isOne = method === 'PATCH' || method === 'DELETE' || get('sysparm_sys_id') !== undefined;
    return {
      ...call,
      api: 'now/table',
      pattern: isOne ? 'now/table/{table}/{sys_id}' : 'now/table/{table}',
      method,
      table: tableNamed(records, call.table),
    };
  };

export const makeProcessorsApi = (parts: ProcessorParts): Api => {
  const standsFor = makeStandsFor(parts);
  return {
    name: 'processor',
    title: 'Processors',
    base: '',
    versions: [''],
    operations: [
      { method: 'GET', path: '/:table.do', produces: 'as_stored', standsFor, handle: read(parts) },
      { method: 'POST', path: '/:table.do', produces: 'as_stored', standsFor, handle: write(parts) },
    ],
  };
};
