// The APIs beside records: what they say to bodies and addresses that mean harm. The open doors say it in their own words.
import {
  empty,
  failure,
  type Hostile,
  invalidTable,
  json,
  malformedAddress,
  noRecord,
  noResource,
  notJson,
  posted,
  prototypeNames,
  sqlPieces,
  unreadable,
} from './answers.ts';

const attachment = '/api/now/attachment';
const place = 'table_name=incident&table_sys_id=x';
const form = (body: string, boundary = 'x') => ({
  headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  body,
});
const text = { headers: { 'content-type': 'text/plain' }, body: 'x' };
const missing = (name: string) => failure('Missing parameter', `The parameter ${name} is needed to attach a file`);
const formsOnly = failure('Invalid content-type. Supported request media types for this service are: [multipart/form-data]');
const incomplete = unreadable('The form is not complete.');
const withoutFile = unreadable('The form holds no file.');

export const attachments: readonly Hostile[] = [
  ...['__proto__', ...sqlPieces].map(
    (name): Hostile => [`${attachment}?sysparm_query=${encodeURIComponent(`file_name=${name}`)}`, {}, 200, empty],
  ),
  ...prototypeNames.flatMap((name): Hostile[] => [
    [`${attachment}/${name}`, {}, 404, noRecord],
    [`${attachment}/${name}/file`, {}, 404, noRecord],
    [`${attachment}/x/attributes/${name}`, {}, 404, noRecord],
  ]),
  ...sqlPieces.map((name): Hostile => [`${attachment}/${encodeURIComponent(name)}`, { method: 'DELETE' }, 404, noRecord]),
  [`${attachment}/x/__proto__/file`, {}, 404, noRecord],
  [`${attachment}/x`, { method: 'PATCH', headers: json, body: '{"file_name":"../../etc/passwd"}' }, 404, noRecord],
  [`${attachment}/%00`, {}, 400, malformedAddress],
  [`${attachment}/file`, text, 400, missing('table_name')],
  [`${attachment}/file?${place}`, text, 400, missing('file_name')],
  [`${attachment}/file?${place}&file_name=a.txt`, text, 404, noRecord],
  [`${attachment}/file?table_name=__proto__&table_sys_id=x&file_name=a.txt`, text, 400, invalidTable('__proto__')],
  [`${attachment}/file?table_name=nope&table_sys_id=x&file_name=a.txt`, text, 400, invalidTable('nope')],
  [`${attachment}/file?${place}&file_name=%00`, text, 400, malformedAddress],
  [
    `${attachment}/file?${place}&file_name=a.txt&encryption_context=x`,
    text,
    400,
    failure('Encryption contexts are not available', 'Send the file without encryption_context'),
  ],
  [`${attachment}/upload`, text, 415, formsOnly],
  [`${attachment}/upload`, { headers: { 'content-type': 'multipart/form-data' }, body: 'x' }, 415, formsOnly],
  [`${attachment}/upload`, form(''), 400, incomplete],
  [`${attachment}/upload`, form('--x'), 400, incomplete],
  [`${attachment}/upload`, form('--x--'), 400, withoutFile],
  [
    `${attachment}/upload`,
    form('--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nx\r\n--x--\r\n'),
    400,
    withoutFile,
  ],
];

const batch = '/api/now/batch';
const shape = unreadable('The payload must hold batch_request_id and a list rest_requests.');

export const batches: readonly Hostile[] = [
  [batch, {}, 405, failure('Method not supported')],
  [batch, posted(''), 400, shape],
  [batch, posted('{'), 400, notJson],
  [batch, posted('null'), 400, shape],
  [batch, posted('[]'), 400, shape],
  [batch, posted('"x"'), 400, shape],
  [batch, posted({}), 400, shape],
  [batch, posted({ rest_requests: {} }), 400, shape],
  [batch, posted({ rest_requests: 'x' }), 400, shape],
  [batch, posted('{"__proto__":{"rest_requests":[]}}'), 400, shape],
  [batch, posted({ rest_requests: [null] }), 400, unreadable('Every entry of rest_requests must be an object.')],
  [batch, posted({ rest_requests: [[]] }), 400, unreadable('Every entry of rest_requests must be an object.')],
  [batch, posted({ rest_requests: Array(1001).fill({}) }), 400, unreadable('A batch holds at most 1000 requests.')],
  [
    batch,
    posted({ batch_request_id: {}, rest_requests: [] }),
    200,
    '{"batch_request_id":"","serviced_requests":[],"unserviced_requests":[]}',
  ],
  [
    batch,
    posted({ batch_request_id: '__proto__', rest_requests: [] }),
    200,
    '{"batch_request_id":"__proto__","serviced_requests":[],"unserviced_requests":[]}',
  ],
];
/** One inner request each: the address it may not have, and why it is not sent. */
export const refusedInside: readonly [request: object, why: string][] = [
  ...[
    '',
    'x',
    'http://evil.example/api/now/table/incident',
    '//evil.example/api/x',
    '/api/../oauth_token.do',
    '/oauth_token.do',
    '/healthz',
    'file:///etc/passwd',
    5,
    null,
    {},
    [],
  ].map((url): [object, string] => [{ url, method: 'GET' }, 'The url must be a path of this instance that begins with /api/']),
  ...['CONNECT', 'TRACE', '__proto__', 'GET /x HTTP/1.1'].map((method): [object, string] => [
    { url: '/api/now/table/incident', method },
    'The method is not supported',
  ]),
];

export const imports: readonly Hostile[] = [
  ...[...prototypeNames, 'incident', 'nope'].map(
    (name): Hostile => [`/api/now/import/${name}`, posted({}), 400, invalidTable(name)],
  ),
  ...sqlPieces.map((name): Hostile => [`/api/now/import/${encodeURIComponent(name)}`, posted({}), 400, invalidTable(name)]),
  ['/api/now/import/%00', posted({}), 400, malformedAddress],
  ['/api/now/import/nope/insertMultiple', posted({ records: [] }), 400, invalidTable('nope')],
  ['/api/now/import/nope/insertMultiple', posted('{'), 400, notJson],
  ['/api/now/import/__proto__/x', {}, 400, invalidTable('__proto__')],
];

const inspect = '/api/causeway/token/inspect';
const noToken = unreadable('The payload must be an object with the token as text, such as {"token":"eyJ…"}');

export const own: readonly Hostile[] = [
  ...[{}, { token: 5 }, [], null, { token: '' }, { token: ['x'] }, { token: null }].map(
    (body): Hostile => [inspect, posted(body), 400, noToken],
  ),
  [inspect, posted('{"__proto__":{"token":"x"}}'), 400, noToken],
  [inspect, { method: 'POST' }, 400, noToken],
  [inspect, posted('{'), 400, notJson],
  ['/api/causeway/oauth/tokens?user=__proto__', {}, 400, failure('Invalid parameter', 'user must be a sys_id')],
  [
    `/api/causeway/oauth/tokens?client=${encodeURIComponent(sqlPieces[0])}`,
    {},
    400,
    failure('Invalid parameter', 'client must be a sys_id'),
  ],
  ['/api/causeway/oauth/tokens/revoke', posted({ token: {} }), 400, failure('Invalid parameter', 'token must be a sys_id')],
  ['/api/causeway/oauth/tokens/revoke', posted({}), 400, failure('Nothing to revoke', 'Name a user, a client or a token')],
  [
    '/api/causeway/oauth/clients/__proto__/secret',
    posted({}),
    400,
    failure('This record has no secret of ours', 'Only a confidential OAuth Client has one'),
  ],
  ['/api/causeway/__proto__', {}, 400, noResource],
];

const oauth = (description: string, error = 'invalid_request') => JSON.stringify({ error_description: description, error });
const sent = (body: string) => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
const token = '/oauth_token.do';
const unknownGrant = oauth('The grant type is not supported', 'unsupported_grant_type');
const wrongClient = oauth('access_denied', 'invalid_client');

/** Nobody has to be known at these. */
export const doors: readonly Hostile[] = [
  [token, sent(''), 400, oauth('Missing grant_type parameter in request')],
  [token, posted({ grant_type: 'password' }), 400, oauth('The content type must be application/x-www-form-urlencoded')],
  ...prototypeNames.map((name): Hostile => [token, sent(`grant_type=${name}&client_id=${name}`), 400, unknownGrant]),
  [token, sent('grant_type=%ed%a0%80'), 400, unknownGrant],
  [token, sent('grant_type=password&grant_type=password'), 400, oauth('A parameter is included more than once')],
  [
    token,
    sent('grant_type=password&__proto__=x&client_id=__proto__&client_secret=x&username=admin&password=x'),
    401,
    wrongClient,
  ],
  ...sqlPieces.map(
    (piece): Hostile => [
      token,
      sent(`grant_type=client_credentials&client_id=${encodeURIComponent(piece)}&client_secret=x`),
      401,
      wrongClient,
    ],
  ),
  [
    token,
    sent('grant_type=refresh_token&client_id=x&client_secret=y&refresh_token=%00'),
    400,
    oauth('A parameter holds a character that is not allowed'),
  ],
  [token, sent(`grant_type=${'x'.repeat(9000)}`), 400, oauth('A parameter is too long')],
  [
    token,
    sent(Array.from({ length: 70 }, (_unused, n) => `p${n}=1`).join('&')),
    400,
    oauth('The request has too many parameters'),
  ],
  [`${token}?client_secret=x`, sent('grant_type=password'), 400, oauth('Parameters are accepted in the request body only')],
  [token, {}, 405, oauth('Method not allowed')],
  ['/oauth_revoke_token.do?token=__proto__', {}, 200, ''],
  ['/oauth_revoke_token.do?token=a&token=b', {}, 400, oauth('A parameter is included more than once')],
  ['/oauth_introspect.do', sent('token=__proto__'), 404, oauth('Token introspection is turned off', 'access_denied')],
  ['/angular.do?sysparm_type=__proto__', sent('user_name=admin'), 400, '{"status":"error","message":"Not supported"}'],
  [
    '/angular.do?sysparm_type=view_form.login',
    sent("user_name=__proto__&user_password=' OR 1=1"),
    200,
    '{"status":"error","message":"User name or password invalid"}',
  ],
];
