// What is written becomes the tree that is meant; what cannot be read is kept and never throws.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { operatorTokens } from '../../../src/records/query/operators/tokens.ts';
import { parse } from '../../../src/records/query/parse.ts';
import type { Syntax, Term } from '../../../src/records/query/syntax.ts';
import { countTerms } from '../../../src/records/query/syntax.ts';

const shown = (term: Term): string => {
  switch (term.kind) {
    case 'comparison':
      return `${term.field}·${term.operator}·${term.value}`;
    case 'text_search':
      return `search(${term.value})`;
    case 'join':
      return `join(${term.table}.${term.field} ${term.otherTable}.${term.otherField} ${written(term.query)})`;
    case 'related_count':
      return `related(${term.table}.${term.field} ${term.counts.map(({ relation, count }) => relation + count)} ${written(term.query)})`;
    case 'invalid':
      return `invalid(${term.text})`;
  }
};

const written = (tree: Syntax): string =>
  tree.groups.map((group) => group.map((run) => run.map(shown).join(' or ')).join(' and ')).join(' | ') || 'everything';

describe('a query text', () => {
  const trees: ReadonlyArray<readonly [string, string]> = [
    ['', 'everything'],
    ['^', 'everything'],
    ['^^^', 'everything'],
    ['^EQ', 'everything'],
    ['active=true', 'active·=·true'],
    ['^active=true^', 'active·=·true'],
    ['active=true^EQ', 'active·=·true'],
    ['a=1^b=2', 'a·=·1 and b·=·2'],
    ['a=1^ORb=2^c=3', 'a·=·1 or b·=·2 and c·=·3'],
    ['a=1^b=2^ORc=3^ORd=4', 'a·=·1 and b·=·2 or c·=·3 or d·=·4'],
    ['a=1^NQb=2^ORc=3', 'a·=·1 | b·=·2 or c·=·3'],
    ['a=1^NQ', 'a·=·1'],
    ['ORDERBYx^NQa=1', 'a·=·1'],
    ['nameLIKEx', 'name·LIKE·x'],
    ['nameNOT LIKEx', 'name·NOT LIKE·x'],
    ['stateINa,b', 'state·IN·a,b'],
    ['stateNOT INa,b', 'state·NOT IN·a,b'],
    ['numberSTARTSWITHINC', 'number·STARTSWITH·INC'],
    ['sys_class_nameINSTANCEOFtask', 'sys_class_name·INSTANCEOF·task'],
    ['groupIN_HIERARCHYx', 'group·IN_HIERARCHY·x'],
    ['short_descriptionISEMPTY', 'short_description·ISEMPTY·'],
    ['short_descriptionISNOTEMPTY', 'short_description·ISNOTEMPTY·'],
    ['short_descriptionEMPTYSTRING', 'short_description·EMPTYSTRING·'],
    ['aGT_FIELDb', 'a·GT_FIELD·b'],
    ['aGT_OR_EQUALS_FIELDb', 'a·GT_OR_EQUALS_FIELD·b'],
    ['aSAMEASb@day', 'a·SAMEAS·b@day'],
    ['aNSAMEASb', 'a·NSAMEAS·b'],
    ['opened_atONToday@x@y', 'opened_at·ON·Today@x@y'],
    ['opened_atNOTONToday@x@y', 'opened_at·NOTON·Today@x@y'],
    ['opened_atRELATIVEGT@hour@ago@4', 'opened_at·RELATIVEGT·@hour@ago@4'],
    ['a>=5', 'a·>=·5'],
    ['a>5', 'a·>·5'],
    ['a<=5', 'a·<=·5'],
    ['a!=5', 'a·!=·5'],
    ['a!*5', 'a·!*·5'],
    ['a*5', 'a·*·5'],
    ['a%5', 'a·%·5'],
    ['a=', 'a·=·'],
    ['a==b', 'a·=·=b'],
    ['a.b.c=1', 'a.b.c·=·1'],
    ['a=x^^y', 'a·=·x^y'],
    ['a=x^^ORy', 'a·=·x^ORy'],
    ['a=x^^^ORb=y', 'a·=·x^ or b·=·y'],
    ['a=1^ b=2', 'a·=·1 and b·=·2'],
    ['a=one two ', 'a·=·one two '],
    ['a=ünï漢', 'a·=·ünï漢'],
    ["a='; DROP TABLE x;--", "a·=·'; DROP TABLE x;--"],
    ['123TEXTQUERY321=printer on fire', 'search(printer on fire)'],
    ['GOTO123TEXTQUERY321=printer', 'search(printer)'],
    ['a=1^GOTO123TEXTQUERY321=b^ORGOTOc>=d', 'a·=·1 and search(b) or c·>=·d'],
    ['123TEXTINDEXGROUP321=portal^a=1', 'a·=·1'],
    ['JOINa.b=c.d!', 'join(a.b c.d everything)'],
    ['JOINa.b=c.d!e=1^f=2', 'join(a.b c.d e·=·1) and f·=·2'],
    ['RLQUERYincident.parent,>=1^ENDRLQUERY', 'related(incident.parent >=1 everything)'],
    ['RLQUERYa.b,>0,m2m^c=1^ORd=2^ENDRLQUERY^e=3', 'related(a.b >0 c·=·1 or d·=·2) and e·=·3'],
    ['RLQUERYa.b,BETWEEN2@5^ENDRLQUERY', 'related(a.b >=2,<=5 everything)'],
    ['RLQUERYa.b,=00^c=1^NQd=1^ENDRLQUERY', 'related(a.b =0 c·=·1 | d·=·1)'],
    ['x=1^ORRLQUERYa.b,=1^ENDRLQUERY', 'x·=·1 or related(a.b =1 everything)'],
    ['RLQUERYa.b,=1^RLQUERYc.d,=2^ENDRLQUERY^ENDRLQUERY', 'related(a.b =1 related(c.d =2 everything))'],
  ];
  for (const [text, tree] of trees) test(`${JSON.stringify(text)} means ${tree}`, () => assert.equal(written(parse(text)), tree));

  const malformed = [
    'active',
    '=true',
    'Active=true',
    'a b=1',
    'stateINx'.toUpperCase(),
    '.a=1',
    'a..b=1',
    'ORDERBY',
    'ORDERBYDESC',
    'ORDERBYname DESC',
    "ORDERBYa'b",
    'GROUPBY',
    'JOINa=b!',
    'JOINa.b=c.d',
    'RLQUERYa,>=1^ENDRLQUERY',
    'RLQUERYa.b,>=x^ENDRLQUERY',
    'RLQUERYa.b,>=1^c=1',
    'ENDRLQUERY',
    '__PROTO__',
  ];
  for (const text of malformed) {
    test(`${JSON.stringify(text)} is kept as an invalid term`, () => {
      const { groups, order, groupBy } = parse(text);
      assert.deepEqual([groups.length, order, groupBy], [1, [], []]);
      assert.ok(groups.flat(2).every((term) => term.kind === 'invalid'));
    });
  }

  test('may name its order anywhere', () => {
    const expected = [
      { field: 'sys_updated_on', isDescending: false },
      { field: 'number', isDescending: true },
    ];
    assert.deepEqual(parse('ORDERBYsys_updated_on^ORDERBYDESCnumber^a=1').order, expected);
    assert.deepEqual(parse('a=1^NQb=1^ORDERBYsys_updated_on^ORDERBYDESCnumber').order, expected);
    assert.deepEqual(parse('a=1^GROUPBYstate').groupBy, ['state']);
  });

  test('with thousands of terms is read in one pass', () => {
    const text = Array.from({ length: 20_000 }, (_, at) => `a=${at}`).join('^OR');
    assert.equal(parse(text).groups[0]?.[0]?.length, 20_000);
    assert.ok(parse('RLQUERYa.b,=1^'.repeat(20_000)).groups.length <= 1);
  });

  test('may nest as deep as it likes, and is not followed there', () => {
    for (const [head, tail] of [
      ['JOINincident.caller_id=sys_user.sys_id!', ''],
      ['RLQUERYa.b,=1^', '^ENDRLQUERY'],
    ] as const) {
      const tree = parse(head.repeat(20_000) + tail.repeat(20_000));
      assert.ok(countTerms(tree) <= 11);
    }
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => assert.ok(parse(text))));
  });

  test('is told apart from its field by every operator there is', () => {
    assert.ok(operatorTokens.length > 30);
    for (const token of operatorTokens) {
      assert.doesNotMatch(token, /^[a-z0-9_.]/);
      const term = parse(`some_field${token}`).groups[0]?.[0]?.[0];
      assert.equal(term?.kind === 'comparison' && term.operator, token);
    }
  });
});
