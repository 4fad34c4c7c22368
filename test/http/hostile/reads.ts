// Reads of the Table API whose parameters are wrong: a page comes back, or a sentence, and nothing else of the database.
import { empty, failure, type Hostile, malformedAddress, notAcceptable, prototypeNames, sqlPieces } from './answers.ts';

const list = '/api/now/table/incident';
const limited = `${list}?sysparm_fields=number&sysparm_limit=2`;
// In the order of their sys_ids.
const firstTwo = '{"result":[{"number":"INC0000004"},{"number":"INC0000008"}]}';
const firstOne = '{"result":[{"number":"INC0000004"}]}';
/** A password is a mask, and nothing where none was set. */
const noSecret = '{"result":[{"number":"INC0000004","caller_id.user_password":""}]}';
const asked = (query: string) => `${limited}&sysparm_query=${encodeURIComponent(query)}`;

/** Terms that mean nothing are left out of a read: the page is that of the rest of the query. */
const meaningless = [
  '^^^^OR^NQ^EQ',
  '^'.repeat(500),
  'ORDERBY',
  'ORDERBYDESC__proto__',
  'ORDERBYnumber;drop',
  'GROUPBYconstructor',
  'javascript:while(true){}',
  'number',
  '=',
  '=1',
  'caller_id.caller_id.caller_id.x=1',
  `${'caller_id.manager.'.repeat(200)}name=x`,
  'number.number.number=x',
  '__proto__.constructor=1',
  'sys_id.sys_id=1',
  ...prototypeNames.map((name) => `${name}=1`),
  ...prototypeNames.slice(0, 4).map((name) => `ORDERBY${name}`),
  "number' OR '1'='1=x",
  'number"=x',
  'user_password=x',
] as const;

const withoutMatch = [
  ...sqlPieces.map((piece) => `number=${piece}`),
  ...sqlPieces.map((piece) => `numberIN${piece}`),
  'numberLIKE%',
  'numberLIKE_NC0000001',
  'numberSTARTSWITH\\',
  'numberINa,b,c',
  'number=💩',
  `number=${'x'.repeat(8000)}`,
  'sys_id=__proto__',
  'number=ＩＮＣ0000001',
  'numberBETWEENx@y',
  `numberIN${'a,'.repeat(3000)}`,
  'caller_id.user_name=__proto__',
] as const;

const oddNumbers = ['abc', '-1', '1e3', '0x10', '99999999999999999999', ' ', '%2B5', '1.5', 'NaN', '__proto__'] as const;

export const reads: readonly Hostile[] = [
  ...meaningless.map((query): Hostile => [asked(query), {}, 200, firstTwo]),
  ...withoutMatch.map((query): Hostile => [asked(query), {}, 200, empty]),
  [`${list}?sysparm_query=%`, {}, 400, malformedAddress],
  [`${list}?%ff=1`, {}, 400, malformedAddress],
  [`${list}?a=%ed%a0%80`, {}, 400, malformedAddress],
  [`${list}?sysparm_query=number%3D%00`, {}, 400, malformedAddress],
  [`${list}?sysparm_fields=%00`, {}, 400, malformedAddress],
  [`${list}?%00=1`, {}, 400, malformedAddress],
  [`${limited}&__proto__=x&constructor=y&hasOwnProperty=z`, {}, 200, firstTwo],
  [`${limited}&sysparm_limit=5&sysparm_limit[]=9`, {}, 200, firstTwo],
  [`${limited}&number[$ne]=x`, {}, 200, firstTwo],
  [`${limited}&number=${encodeURIComponent(sqlPieces[0])}`, {}, 200, empty],
  [`${list}?&&&=&=&sysparm_limit=1&sysparm_fields=number`, {}, 200, firstOne],
  [
    `${list}?sysparm_fields=number&sysparm_limit=1&sysparm_display_value=nonsense&sysparm_view=&sysparm_unknown=1`,
    {},
    200,
    firstOne,
  ],
  [`${list}?sysparm_fields=__proto__,constructor&sysparm_limit=1`, {}, 200, '{"result":[{}]}'],
  [`${list}?sysparm_fields=${encodeURIComponent("number,'x',1;--,*,a.b.c.d.e.f")}&sysparm_limit=1`, {}, 200, firstOne],
  [`${list}?sysparm_fields=number,${'caller_id.manager.'.repeat(100)}name&sysparm_limit=1`, {}, 200, firstOne],
  [`${list}?sysparm_fields=number,user_password,caller_id.user_password&sysparm_limit=1`, {}, 200, noSecret],
  [`${list}?sysparm_fields=number&sysparm_limit=0`, {}, 200, empty],
  [`${list}?sysparm_fields=number&sysparm_offset=99999999999999`, {}, 200, empty],
  ...oddNumbers.map(
    (number): Hostile => [
      `${list}?sysparm_fields=number&sysparm_query=number=INC0000004&sysparm_limit=${number}`,
      {},
      200,
      firstOne,
    ],
  ),
  ...oddNumbers
    .filter((number) => number !== '99999999999999999999')
    .map((number): Hostile => [`${list}?sysparm_fields=number&sysparm_limit=1&sysparm_offset=${number}`, {}, 200, firstOne]),
  [limited, { headers: { accept: 'text/html' } }, 406, notAcceptable],
  [limited, { headers: { accept: 'application/json;q=0' } }, 406, notAcceptable],
  [limited, { headers: { accept: ',,;;q=x' } }, 406, notAcceptable],
  [limited, { headers: { accept: '__proto__/constructor' } }, 406, notAcceptable],
  [limited, { headers: { 'content-type': 'nonsense/;;' } }, 200, firstTwo],
  [limited, { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'javascript' } }, 200, firstTwo],
];

const tooLong = failure('Query is too long');

/** What would keep everybody waiting is refused in one look. */
export const heavy: readonly Hostile[] = [
  [`${limited}${'&number=b'.repeat(3_000)}`, {}, 400, tooLong],
  [asked('number=b^'.repeat(3_000)), {}, 400, tooLong],
  [asked('^ORnumber=1'.repeat(3_000)), {}, 400, tooLong],
  [asked('^NQnumber=1'.repeat(3_000)), {}, 400, tooLong],
  [asked(`number=${'x'.repeat(200_000)}`), {}, 400, tooLong],
  [asked('JOINincident.caller_id=sys_user.sys_id!'.repeat(3_000)), {}, 200, firstTwo],
  [asked('RLQUERYincident.caller_id,>=1^'.repeat(3_000)), {}, 200, firstTwo],
  [asked(`${'RLQUERYincident.parent,>=1^'.repeat(500)}number=1${'^ENDRLQUERY'.repeat(500)}`), {}, 200, empty],
  [asked(`opened_at>javascript:gs.${'a('.repeat(20_000)}`), {}, 200, firstTwo],
];

const stats = '/api/now/stats/incident';
const none = '{"result":{"stats":{}}}';

/** The Aggregate API leaves out what it does not know, as the Table API does. */
export const figures: readonly Hostile[] = [
  ...prototypeNames.flatMap((name): Hostile[] => [
    [`${stats}?sysparm_avg_fields=${name}`, {}, 200, none],
    [`${stats}?sysparm_group_by=${name}`, {}, 200, none],
  ]),
  ...sqlPieces.flatMap((piece): Hostile[] => [
    [`${stats}?sysparm_sum_fields=${encodeURIComponent(piece)}`, {}, 200, none],
    [`${stats}?sysparm_order_by=${encodeURIComponent(`${piece}^DESC`)}`, {}, 200, none],
  ]),
  [`${stats}?sysparm_count=true&sysparm_query=number=__proto__`, {}, 200, '{"result":{"stats":{"count":"0"}}}'],
  [`${stats}?sysparm_having=count^__proto__^>^1`, {}, 200, none],
  [`${stats}?sysparm_having=${encodeURIComponent('count^state^>^1; DROP TABLE task')}`, {}, 200, none],
  [`${stats}?sysparm_having=^^^^^`, {}, 200, none],
  [`${stats}?sysparm_group_by=${'state,'.repeat(500)}&sysparm_query=number=none`, {}, 200, empty],
  [`${stats}?sysparm_avg_fields=short_description&sysparm_query=number=none`, {}, 200, none],
  [`${stats}?sysparm_max_fields=%00`, {}, 400, malformedAddress],
];
