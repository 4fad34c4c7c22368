// The small APIs: descriptions, short addresses, the queue, the exchange, imports and the older addresses of tables.
import {
  empty,
  failure,
  type Hostile,
  invalidTable,
  json,
  malformedAddress,
  noResource,
  notAcceptable,
  notJson,
  notObject,
  notText,
  posted,
  prototypeNames,
  sqlPieces,
  unreadable,
  unsupported,
  wrongMethod,
} from './answers.ts';

const text = { headers: { 'content-type': 'text/plain' }, body: 'x' };
const words = ['__proto__', 'constructor', ...sqlPieces] as const;
const sql = sqlPieces[0];
const inAddress = (word: string): string => encodeURIComponent(word);

const doc = '/api/now/doc';
const noApi = (name: string, namespace = 'now'): string =>
  failure('API not found', `API ${name} not found in namespace ${namespace}`);

export const descriptions: readonly Hostile[] = [
  ...words.flatMap((word): Hostile[] => [
    [`${doc}?namespace=${inAddress(word)}`, {}, 200, '{"result":{}}'],
    [`${doc}/services?namespace=${inAddress(word)}`, {}, 200, '{"result":{}}'],
    [`${doc}/oas_3?name=${inAddress(word)}`, {}, 404, noApi(word)],
    [`${doc}/oas_3?name=now/table&namespace=${inAddress(word)}`, {}, 404, noApi('now/table', word)],
    [`${doc}/table/schema/${inAddress(word)}`, {}, 400, invalidTable(word)],
    [`/api/now/ui/meta/${inAddress(word)}`, {}, 400, invalidTable(word)],
  ]),
  ...['oas_3?name=%00', 'oas_3?name=%ff', 'openapi?tables=%00', 'GET/%00', 'table/schema/%00', '?namespace=%zz'].map(
    (path): Hostile => [`${doc}${path.startsWith('?') ? '' : '/'}${path}`, {}, 400, malformedAddress],
  ),
  [`${doc}/oas_3`, {}, 404, noApi('')],
  [`${doc}/__proto__/now/table`, {}, 404, noApi('__PROTO__ /now/table')],
  [`${doc}/GET/__proto__`, {}, 404, noApi('GET /__proto__')],
  [`${doc}/GET/now/table/%7Btable%7D/x`, {}, 404, noApi('GET /now/table/{}/x')],
  [`${doc}/${inAddress(sql)}/x`, {}, 404, noApi(`${sql} /x`)],
  [`${doc}/table/schema/x/y`, {}, 404, noApi('TABLE /schema/x/y')],
  [`${doc}/GET`, {}, 400, noResource],
  [`${doc}/nothing`, {}, 400, noResource],
  [doc, posted({}), 405, wrongMethod],
  [`${doc}/oas_3`, { method: 'DELETE' }, 405, wrongMethod],
  [doc, { headers: { accept: 'image/png' } }, 406, notAcceptable],
  ['/api/now/ui/meta/%00', {}, 400, malformedAddress],
  ['/api/now/ui/meta/incident%20', {}, 400, invalidTable('incident ')],
  ['/api/now/ui/meta/INCIDENT', {}, 400, invalidTable('INCIDENT')],
  ['/api/now/ui/meta/incident/x', {}, 400, noResource],
  ['/api/now/ui/meta', {}, 400, noResource],
  ['/api/now/ui/user/current_user', posted({}), 405, wrongMethod],
  ['/api/now/ui/user/__proto__', {}, 400, noResource],
  ['/api/now/ui/user/current_user?sysparm_x=%00', {}, 400, malformedAddress],
  ['/api/now/ui/user/current_user?sysparm_x=%zz', {}, 400, malformedAddress],
];

const tiny = '/api/now/tinyurl';
const noAddress = unreadable('The payload must hold the address: {"url":"…"}');
const unknownKey = failure('Unknown sysparm_tiny', 'The address that sysparm_tiny stands for is not known, or no longer');

export const shortAddresses: readonly Hostile[] = [
  ...['', '[]', {}, { url: '' }, { url: null }, { url: [] }, '{"__proto__":{"url":"x"}}'].map(
    (body): Hostile => [tiny, posted(body), 400, noAddress],
  ),
  [tiny, posted('{'), 400, notJson],
  [tiny, posted('null'), 400, notObject],
  [tiny, posted('"x"'), 400, notObject],
  [tiny, posted({ url: 'x?a=%00' }), 400, malformedAddress],
  [tiny, posted({ url: 'x?a=%zz' }), 400, malformedAddress],
  [tiny, posted({ url: '\0' }), 400, notText],
  [tiny, posted({ url: `x?${'a'.repeat(200_001)}` }), 400, failure('Value is too long', 'Data holds at most 200000 characters')],
  [tiny, {}, 405, wrongMethod],
  [tiny, text, 415, unsupported],
  ...['x', '__proto__', '%00', 'a&sysparm_tiny=b', '0'.repeat(32), ...sqlPieces.map(inAddress)].map(
    (key): Hostile => [`/api/now/table/incident?sysparm_tiny=${key}`, {}, 400, unknownKey],
  ),
];

const queue = '/api/sn_transport/queue';
const noFilter = (name: string): string =>
  failure('The filter cannot be understood', `${name} is no filter, or has a value that it cannot have.`);
const noIds = failure('The filter cannot be understood', 'ids must be sys_ids of rows, at most 1000.');
const noJsonObject = unreadable('The payload must be a JSON object.');
const neverExchanged = failure('Nothing was ever exchanged on this connection');

export const queueing: readonly Hostile[] = [
  ...['status=__proto__', `queue=${inAddress(sql)}`, '__proto__=x', 'constructor=x', `${inAddress(sql)}=x`].map(
    (query): Hostile => [`${queue}/plan?${query}`, {}, 400, noFilter(decodeURIComponent(query.slice(0, query.indexOf('='))))],
  ),
  [`${queue}/plan?x=%00`, {}, 400, malformedAddress],
  [`${queue}/export?limit=-1`, {}, 400, noFilter('limit')],
  [`${queue}/export?__proto__=1`, {}, 400, noFilter('__proto__')],
  [`${queue}/reprocess`, posted('{'), 400, notJson],
  [`${queue}/reprocess`, posted([]), 400, noJsonObject],
  [`${queue}/reprocess`, posted({ filter: [] }), 400, unreadable('filter must be a JSON object.')],
  [`${queue}/reprocess`, posted({ filter: sql }), 400, unreadable('filter must be a JSON object.')],
  [`${queue}/reprocess`, posted({ limit: -1 }), 400, unreadable('limit must be a whole number from 0 to 1000.')],
  [`${queue}/reprocess`, posted('{"filter":{"__proto__":"x"}}'), 400, noFilter('__proto__')],
  [`${queue}/skip`, posted({}), 400, unreadable('ids must name the rows to skip.')],
  [`${queue}/skip`, posted({ ids: [] }), 400, unreadable('ids must name the rows to skip.')],
  ...['x', [{}], ['__proto__'], [sql]].map((ids): Hostile => [`${queue}/skip`, posted({ ids }), 400, noIds]),
  [`${queue}/pause`, posted({ profile: '__proto__' }), 404, neverExchanged],
  [`${queue}/resume`, posted({ profile: sql }), 404, neverExchanged],
  [`${queue}/resume`, posted('null'), 400, noJsonObject],
  [`${queue}/nothing`, {}, 400, noResource],
  [`${queue}/summary`, { method: 'DELETE' }, 405, wrongMethod],
];

const peers = '/api/sn_sb/exchange';
const admin = '/api/sn_sb/exchange_admin';
const must = (name: string): string => unreadable(`${name} must be a text.`);
const noCode = failure('This is not an invitation code', 'It begins with CWX1- and is copied whole.');

export const exchanging: readonly Hostile[] = [
  // Who is no peer is not told that there is anything.
  ...['messages', 'handshake', 'auth_change', 'farewell'].flatMap((name): Hostile[] => [
    [`${peers}/${name}`, posted({}), 400, noResource],
    [`${peers}/${name}`, posted('{'), 400, noResource],
  ]),
  [`${admin}/invite`, posted(''), 400, must('company')],
  [`${admin}/invite`, posted([]), 400, noJsonObject],
  [`${admin}/invite`, posted({ company: {} }), 400, must('company')],
  [`${admin}/invite`, posted('{"__proto__":{"company":"x"}}'), 400, must('company')],
  [`${admin}/accept`, posted({}), 400, must('code')],
  [`${admin}/accept`, posted({ code: 5 }), 400, must('code')],
  ...['__proto__', sql, 'CWX2-x'].map((code): Hostile => [`${admin}/accept`, posted({ code }), 400, noCode]),
  ...words.map(
    (word): Hostile => [
      `${admin}/connections/${inAddress(word)}`,
      {},
      404,
      failure('There is no such connection', 'Those there are: causeway exchange status.'),
    ],
  ),
  [`${admin}/definitions/publish`, posted({}), 400, must('definition')],
  [
    `${admin}/definitions/publish`,
    posted({ definition: sql }),
    404,
    failure('There is no such definition or item', `None has the sys_id or the name ${sql}.`),
  ],
  [`${admin}/nothing`, {}, 400, noResource],
];

const imports = '/api/causeway/imports';
const cannotBegin = (detail: string): string => failure('The import cannot begin', detail);
const noImport = failure('No Record found', 'There is no such import');
const noStaging = (name: string): string => failure(`Invalid table ${name}`, 'Names of staging tables begin with u_, imp_ or x_');
const formsOnly = failure('Invalid content-type. Supported request media types for this service are: [multipart/form-data]');

export const importJobs: readonly Hostile[] = [
  [imports, posted(''), 400, cannotBegin('The parameter table names the staging table')],
  ...[...prototypeNames, sql].map(
    (name): Hostile => [`${imports}?table=${inAddress(name)}&format=CSV`, posted('a'), 400, noStaging(name)],
  ),
  [`${imports}?table=%00`, posted('a'), 400, malformedAddress],
  [`${imports}?table=u_x&format=CSV&file_name=%00`, posted('a'), 400, malformedAddress],
  [
    `${imports}?table=incident&format=__proto__`,
    posted('a'),
    400,
    cannotBegin('The format is one of CSV, JSON, XML and Excel; it is told by the file name or by format='),
  ],
  ...words.flatMap((word): Hostile[] => [
    [`${imports}/${inAddress(word)}`, {}, 404, noImport],
    [`${imports}/${inAddress(word)}/cancel`, { method: 'POST' }, 404, noImport],
    [
      `/api/causeway/data_sources/${inAddress(word)}/load`,
      { method: 'POST' },
      400,
      cannotBegin('There is no active data source of type File or REST with this sys_id'),
    ],
  ]),
  [`${imports}/%00`, {}, 400, malformedAddress],
  ['/sys_import.do?sysparm_import_set_tablename=__proto__', text, 415, formsOnly],
  [
    '/sys_import.do?sysparm_import_set_tablename=u_x',
    { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
    400,
    unreadable('The form holds no file.'),
  ],
];

const jsonV2 = '/incident.do?JSONv2';
const whichRecords = unreadable('sysparm_sys_id or sysparm_query must say which records are meant');

export const olderAddresses: readonly Hostile[] = [
  ...words.flatMap((word): Hostile[] => [
    [`${jsonV2}&sysparm_action=${inAddress(word)}`, {}, 400, unreadable(`sysparm_action is not known: ${word}`)],
    [`/${inAddress(word)}.do?JSONv2`, {}, 400, invalidTable(word)],
    [`/${inAddress(word)}_list.do?CSV`, {}, 400, invalidTable(word)],
  ]),
  [`${jsonV2}&sysparm_action=deleteRecord`, posted({}), 400, whichRecords],
  [`${jsonV2}&sysparm_action=update`, posted({ short_description: 'x' }), 400, whichRecords],
  // A term that is none, a sys_id that would be a query: both choose nothing.
  ...['sysparm_query=nothing%20at%20all', 'sysparm_query=no_such_field%3D1', 'sysparm_sys_id=x%5EORsys_idISNOTEMPTY'].flatMap(
    (choice): Hostile[] => [
      [`${jsonV2}&sysparm_action=deleteRecord&${choice}`, posted({}), 200, '{"records":[]}'],
      [`${jsonV2}&sysparm_action=update&${choice}`, posted({ short_description: 'x' }), 200, '{"records":[]}'],
    ],
  ),
  ['/incident.do', {}, 404, noResource],
  ['/incident.do?XML', {}, 404, noResource],
  ['/%00.do?JSONv2', {}, 400, malformedAddress],
  [jsonV2, { method: 'DELETE', headers: json }, 405, wrongMethod],
  ['/api/now/table/incident?sysparm_view=__proto__&sysparm_query=numberISEMPTY', {}, 200, empty],
];
