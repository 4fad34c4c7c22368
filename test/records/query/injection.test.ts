// Whatever a caller writes, and wherever: the statement is made of words of the compiler, names of the dictionary and placeholders.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeManualClock } from '../../../src/kit/clock.ts';
import { makeQueries, type QueryRequest } from '../../../src/records/query/queries.ts';
import { postgresDialect } from '../../../src/store/postgres/dialect.ts';
import { sqliteDialect } from '../../../src/store/sqlite/dialect.ts';
import { makeModel } from './model.ts';

const model = makeModel();
const known = new Set([
  'sys_id',
  '_rowid_',
  'place',
  ...[...model.dictionary.tables()].flatMap((table) => [table.name, ...table.fields.keys()]),
]);

const keywords = new Set(
  `SELECT FROM JOIN LEFT ON WHERE AND OR NOT IN IS NULL LIKE ESCAPE ORDER BY ASC DESC NULLS FIRST LAST LIMIT OFFSET COUNT EXISTS COLLATE
   NOCASE lower text CASE WHEN THEN ELSE END CAST AS integer substr datetime julianday to_char timestamp interval date WITH RECURSIVE UNION
   GROUP HAVING MIN MAX AVG SUM double precision format numeric C`.split(/\s+/),
);
const literals = new Set([
  "'\\'",
  "' seconds'",
  "'1 second'",
  "'YYYY-MM-DD HH24:MI:SS'",
  "'1970-01-01'",
  "'-01-01'",
  "' 00:00:00'",
  "'%.15g'",
]);

/** Words of a statement that neither the compiler nor the dictionary could have put there. */
const strangeWords = (sql: string): string[] => {
  const strange: string[] = [];
  const rest = sql
    .replace(/'(?:[^']|'')*'/g, (literal) => {
      if (!literals.has(literal) && !/^'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'$/.test(literal)) strange.push(literal);
      return ' ';
    })
    .replace(/"([^"]*)"/g, (_, name: string) => {
      if (!known.has(name) && !/^t\d+$/.test(name) && name !== 'C') strange.push(name);
      return ' ';
    });
  for (const word of rest.match(/[^\s(),.=<>*+%/|:-]+/g) ?? []) {
    if (!keywords.has(word) && !/^\d+(?:\.\d+)?$/.test(word) && !/^[?$]\d+$/.test(word)) strange.push(word);
  }
  return strange;
};

const hostile = [
  "x'; DROP TABLE task; --",
  'x" OR "1"="1',
  '1 OR 1=1',
  "\\'; SELECT 1; --",
  '$1',
  '?1',
  '%',
  'x\0y',
  '\ud800',
  '__proto__',
  'constructor',
  '#{1+1}',
  '*/ UNION SELECT user_password FROM sys_user /*',
  'pg_sleep(9)',
  "javascript:gs.daysAgo(1)'; DROP",
  'ORDERBY(SELECT 1)',
];

const caller = { userSysId: 'me', userName: 'me', displayName: 'Me', timeZone: 'Europe/Paris' };

describe('hostile text', () => {
  const places: ReadonlyArray<readonly [string, (text: string) => Partial<QueryRequest>]> = [
    ['as a query', (text) => ({ query: text })],
    ['as a field', (text) => ({ query: `${text}=1` })],
    ['behind a reference', (text) => ({ query: `caller_id.${text}=1` })],
    ['as an operator', (text) => ({ query: `number${text}1` })],
    ...['=', '!=', '>', 'IN', 'NOT IN', 'LIKE', 'STARTSWITH', 'BETWEENa@', 'SAMEAS', 'INSTANCEOF', 'DYNAMIC', 'GT_FIELD'].map(
      (operator) => [`as the value of ${operator}`, (text: string) => ({ query: `number${operator}${text}` })] as const,
    ),
    ...[
      '=',
      '>',
      'ON',
      'BETWEEN2026-01-01@',
      'RELATIVEGT@hour@ago@',
      'RELATIVEGT@',
      'MORETHANdue@day@before@',
      'SAMEASdue@',
      'DATEPART@',
    ].map((operator) => [`as a moment of ${operator}`, (text: string) => ({ query: `opened_at${operator}${text}` })] as const),
    ['in a date part', (text) => ({ query: `opened_atDATEPARTx@javascript:gs.datePart('month','${text}','EE')` })],
    ['in a call', (text) => ({ query: `opened_at>javascript:gs.dateGenerate('${text}')` })],
    ['in a hierarchy', (text) => ({ query: `assignment_groupIN_HIERARCHY${text}` })],
    ['in a text search', (text) => ({ query: `123TEXTQUERY321=${text}` })],
    ['as an order', (text) => ({ query: `ORDERBY${text}^ORDERBYDESC${text}` })],
    ['as a group', (text) => ({ query: `GROUPBY${text}` })],
    ['as a joined table', (text) => ({ query: `JOINincident.${text}=${text}.sys_id!` })],
    ['inside a joined query', (text) => ({ query: `JOINincident.caller_id=sys_user.sys_id!name=${text}` })],
    ['as a related table', (text) => ({ query: `RLQUERY${text}.parent,>=1^ENDRLQUERY` })],
    ['as a related count', (text) => ({ query: `RLQUERYincident.parent,${text}^ENDRLQUERY` })],
    ['inside a related query', (text) => ({ query: `RLQUERYincident.parent,>=2^number=${text}^ENDRLQUERY` })],
    ['as a filter', (text) => ({ filters: [['number', text] as const, ['assigned_to', text] as const] })],
    ['as the name of a filter', (text) => ({ filters: [[text, '1'] as const] })],
    ['as a field of the answer', (text) => ({ fields: ['number', text, `caller_id.${text}`] })],
  ];

  for (const [place, request] of places) {
    test(`${place} never becomes part of the statement`, () => {
      for (const dialect of [sqliteDialect, postgresDialect]) {
        const queries = makeQueries({ dialect, clock: makeManualClock(Date.parse('2026-11-21T10:00:00Z')) });
        for (const text of hostile) {
          const whole = {
            dictionary: model.dictionary,
            table: model.table('incident'),
            caller,
            display: 'all',
            onInvalidTerm: 'drop',
            ...request(text),
          } as const;
          const { rows, count } = queries.plan(whole);
          for (const { sql, parameters } of [rows, count]) {
            assert.deepEqual(strangeWords(sql), [], sql);
            for (const value of parameters)
              assert.ok(typeof value !== 'string' || (value.isWellFormed() && !value.includes('\0')));
          }
        }
      }
    });
  }

  test('as a figure or a group never becomes part of the statement', () => {
    for (const dialect of [sqliteDialect, postgresDialect]) {
      const queries = makeQueries({ dialect, clock: makeManualClock(0) });
      for (const text of hostile) {
        const { sql } = queries.aggregate(
          {
            dictionary: model.dictionary,
            table: model.table('incident'),
            caller,
            onInvalidTerm: 'drop',
            query: `number=${text}`,
          },
          {
            count: true,
            avg: [text, 'cost'],
            min: [text],
            max: [text],
            sum: [text],
            groupBy: [text, 'state'],
            having: [{ measure: 'count', field: text, relation: '>', value: text }],
            order: [{ field: text, isDescending: true }],
          },
        );
        assert.deepEqual(strangeWords(sql), [], sql);
      }
    }
  });

  test('would be found by the check', () => {
    assert.deepEqual(strangeWords(`SELECT "t0"."number" FROM "incident" "t0" WHERE "t0"."number" = 'x'; DROP TABLE "x"`), [
      "'x'",
      'x',
      ';',
      'DROP',
      'TABLE',
    ]);
  });
});
