// What terms mean once the dictionary is asked: typed values, moments in the caller's zone, labels, and what counts as invalid.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bind } from '../../../src/records/query/bind.ts';
import type { BoundCondition, BoundQuery } from '../../../src/records/query/bound.ts';
import { parse } from '../../../src/records/query/parse.ts';
import { makeModel } from './model.ts';

const model = makeModel();
const asker = { userSysId: 'me', userName: 'john', displayName: 'John', timeZone: 'Europe/Paris' };

const bound = (query: string, more: Partial<Parameters<typeof bind>[0]> = {}): BoundQuery =>
  bind({
    dictionary: model.dictionary,
    table: model.table('incident'),
    syntax: parse(query),
    asker,
    nowMs: Date.parse('2026-11-21T10:20:30Z'),
    onInvalidTerm: 'drop',
    ...more,
  });

const shown = (condition: BoundCondition): string => {
  switch (condition.kind) {
    case 'all':
      return condition.of.length === 0 ? 'always' : `(${condition.of.map(shown).join(' and ')})`;
    case 'any':
      return condition.of.length === 0 ? 'never' : `(${condition.of.map(shown).join(' or ')})`;
    case 'equals':
      return `${condition.path.text} ${condition.isNegated ? 'not in' : 'in'} [${condition.values.join(', ')}]`;
    case 'compare':
      return `${condition.path.text} ${condition.ordering} ${condition.value}`;
    case 'like':
      return `${condition.path.text} ${condition.isNegated ? 'not ' : ''}${condition.place} "${condition.text}"`;
    case 'empty':
      return `${condition.path.text} ${condition.isNegated ? 'not ' : ''}empty`;
    case 'fields':
      return `${condition.left.text} ${condition.relation} ${condition.right.text}`;
    case 'within':
      return `${condition.path.text} within ${condition.table.name}.${condition.field.text} where ${shown(condition.condition)}`;
    default:
      return condition.kind;
  }
};
const meaning = (query: string, more?: Partial<Parameters<typeof bind>[0]>): string => shown(bound(query, more).condition);

describe('a term', () => {
  const meanings: ReadonlyArray<readonly [string, string]> = [
    ['priority=1', 'priority in [1]'],
    ['priority=01', 'priority in [1]'],
    ['priority=abc', 'priority in []'],
    ['priority!=abc', 'priority not in []'],
    ['priority=1.5', 'priority in []'],
    ['priority>1.5', 'priority > 1'],
    ['priority>=1.5', 'priority >= 2'],
    ['priority<1.5', 'priority < 2'],
    ['priority<=1.5', 'priority <= 1'],
    ['priority>99999999999999999999', 'never'],
    ['cost>1.5', 'cost > 1.5'],
    ['priority=', 'priority empty'],
    ['priority=NULL', 'priority empty'],
    ['priority!=NULL', 'priority not empty'],
    ['state=In Progress', 'state in [2]'],
    ['state=closed', 'state in [7]'],
    ['stateINNew,7', 'state in [1, 7]'],
    ['stateNOT INNew,,7', 'state not in [1, 7]'],
    ['stateIN', 'state in []'],
    ['active=True', 'active in [1]'],
    ['active=1', 'active in [1]'],
    ['active!=true', 'active not in [1]'],
    // A boolean that was never set is shown as false.
    ['active=false', '(active in [0] or active empty)'],
    ['active!=false', 'active in [1]'],
    ['active=maybe', 'active in []'],
    ['number=Inc1', 'number in [Inc1]'],
    ['sys_id>abc', 'sys_id > abc'],
    ['sys_id>', 'sys_id not empty'],
    ['sys_id<=', 'never'],
    ['priority>=', 'never'],
    ['opened_at>', 'never'],
    ['numberLIKEx', 'number anywhere "x"'],
    ['number!*x', 'number not anywhere "x"'],
    ['numberDOES NOT CONTAINx', 'number not anywhere "x"'],
    ['number%x', 'number end "x"'],
    ['assigned_toLIKEjo', 'assigned_to.name anywhere "jo"'],
    ['assigned_toSTARTSWITHjo', 'assigned_to.name start "jo"'],
    ['assigned_to.company.nameENDSWITHjo', 'assigned_to.company.name end "jo"'],
    ['watch_listLIKEabc', 'watch_list anywhere "abc"'],
    ['assigned_to=javascript:gs.getUserID()', 'assigned_to in [me]'],
    ['assigned_toINjavascript:gs.getUserID()', 'assigned_to in [me]'],
    ['number=javascript: gs.getUserName();', 'number in [john]'],
    ['number=javascript:gs.getUser().getID()', 'number in [me]'],
    ['numberLIKEjavascript:gs.getUserDisplayName()', 'number anywhere "John"'],
    ['assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe', 'assigned_to in [me]'],
    [
      'assignment_groupDYNAMICd6435e965f510100a9ad2572f2b47744',
      'assignment_group within sys_user_grmember.group where user in [me]',
    ],
    ['sys_class_nameINSTANCEOFtask', 'sys_class_name in [task, incident, problem]'],
    ['priorityBETWEEN1@3', '(priority >= 1 and priority <= 3)'],
    ['numberBETWEENa@b', '(number >= a and number <= b)'],
    ['priorityGT_FIELDstate', 'priority > state'],
    ['priorityANYTHING', 'always'],
    // Moments: what is written is the caller's wall clock, what is stored is UTC. Paris is one hour ahead in winter, two in summer.
    ['opened_at>2026-01-01 00:00:00', 'opened_at > 2025-12-31 23:00:00'],
    ['opened_at>2026-07-01 00:00:00', 'opened_at > 2026-06-30 22:00:00'],
    ['opened_at>2024-01-01T00:00:00+00:00', 'opened_at > 2024-01-01 00:00:00'],
    ['opened_at>2024-01-01T00:00:00Z', 'opened_at > 2024-01-01 00:00:00'],
    ['opened_at>=2026-07-01', 'opened_at >= 2026-06-30 22:00:00'],
    ['opened_at=2026-07-01', '(opened_at >= 2026-06-30 22:00:00 and opened_at <= 2026-07-01 21:59:59)'],
    ['opened_at!=2026-07-01', '(opened_at < 2026-06-30 22:00:00 or opened_at > 2026-07-01 21:59:59 or opened_at empty)'],
    ['opened_at=2026-07-01 10:00:00', 'opened_at in [2026-07-01 08:00:00]'],
    // Days of 23 and of 25 hours.
    ['opened_at=2026-03-29', '(opened_at >= 2026-03-28 23:00:00 and opened_at <= 2026-03-29 21:59:59)'],
    ['opened_at=2026-10-25', '(opened_at >= 2026-10-24 22:00:00 and opened_at <= 2026-10-25 22:59:59)'],
    // 02:30 does not exist on that day: as far behind the change. It comes twice on the other: the first.
    ['opened_at>2026-03-29 02:30:00', 'opened_at > 2026-03-29 01:30:00'],
    ['opened_at>2026-10-25 02:30:00', 'opened_at > 2026-10-25 00:30:00'],
    ['opened_atBETWEEN2026-07-01@2026-07-31', '(opened_at >= 2026-06-30 22:00:00 and opened_at <= 2026-07-31 21:59:59)'],
    ['due=2026-07-01', 'due in [2026-07-01]'],
    ['due<=2026-07-01 10:00:00', 'due <= 2026-07-01'],
    ['opened_at>2026-02-30', 'never'],
    ['opened_at<=9999-12-31', 'opened_at <= 9999-12-30 23:00:00'],
    ['opened_atON9999-12-31', '(opened_at >= 9999-12-30 23:00:00 and opened_at <= 9999-12-31 22:59:59)'],
    ['opened_at>tomorrow', 'never'],
    ['opened_at>javascript:gs.beginningOfToday()', 'opened_at > 2026-11-20 23:00:00'],
    ['opened_at>javascript:gs.endOfToday()', 'opened_at > 2026-11-21 22:59:59'],
    ['opened_at>javascript:gs.daysAgoStart(0)', 'opened_at > 2026-11-20 23:00:00'],
    ['opened_at>javascript:gs.daysAgoEnd(-1)', 'opened_at > 2026-11-22 22:59:59'],
    ['opened_at>javascript:gs.daysAgo(1)', 'opened_at > 2026-11-20 10:20:30'],
    // Thirty days ago the clocks stood an hour later: the wall time stays the same.
    ['opened_at>javascript:gs.daysAgo(30)', 'opened_at > 2026-10-22 09:20:30'],
    ['opened_at>javascript:gs.hoursAgoStart(2)', 'opened_at > 2026-11-21 08:00:00'],
    ['opened_at>javascript:gs.minutesAgoEnd(1)', 'opened_at > 2026-11-21 10:19:59'],
    ['opened_at>javascript:gs.monthsAgo(9)', 'opened_at > 2026-02-21 10:20:30'],
    ['opened_at>javascript:gs.quartersAgoStart(1)', 'opened_at > 2026-06-30 22:00:00'],
    ['opened_at>javascript:gs.yearsAgoEnd(1)', 'opened_at > 2025-12-31 22:59:59'],
    ['opened_at>javascript:gs.beginningOfThisWeek()', 'opened_at > 2026-11-15 23:00:00'],
    ['opened_at>javascript:gs.endOfLastWeek()', 'opened_at > 2026-11-15 22:59:59'],
    ['opened_at>javascript:gs.beginningOfNextWeek()', 'opened_at > 2026-11-22 23:00:00'],
    ['opened_at>javascript:gs.beginningOfLastMonth()', 'opened_at > 2026-09-30 22:00:00'],
    ['opened_at>javascript:gs.endOfLastMonth()', 'opened_at > 2026-10-31 22:59:59'],
    ['opened_at>javascript:gs.beginningOfLast6Months()', 'opened_at > 2026-04-30 22:00:00'],
    ['opened_at>javascript:gs.endOfLast6Months()', 'opened_at > 2026-11-30 22:59:59'],
    ['opened_at>javascript:gs.beginningOfThisQuarter()', 'opened_at > 2026-09-30 22:00:00'],
    ['opened_at>javascript:gs.endOfThisYear()', 'opened_at > 2026-12-31 22:59:59'],
    ['opened_at>javascript:gs.beginningOfTomorrow()', 'opened_at > 2026-11-21 23:00:00'],
    ['opened_at>javascript:gs.nowDateTime()', 'opened_at > 2026-11-21 10:20:30'],
    ['due=javascript:gs.now()', 'due in [2026-11-21]'],
    ["opened_at>javascript:gs.dateGenerate('2026-07-01','10:00:00')", 'opened_at > 2026-07-01 08:00:00'],
    ["opened_at>javascript:gs.dateGenerate('2026-07-01','start')", 'opened_at > 2026-06-30 22:00:00'],
    ["opened_at>javascript:gs.dateGenerate('2026-07-01', 'end')", 'opened_at > 2026-07-01 21:59:59'],
    ['opened_at>javascript:gs.dateGenerate("2016-02-01 00:00:00")', 'opened_at > 2016-01-31 23:00:00'],
    [
      'opened_atONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()',
      '(opened_at >= 2026-11-20 23:00:00 and opened_at <= 2026-11-21 22:59:59)',
    ],
    ['opened_atON2026-07-01', '(opened_at >= 2026-06-30 22:00:00 and opened_at <= 2026-07-01 21:59:59)'],
    ['opened_atNOTON2026-07-01', '(opened_at < 2026-06-30 22:00:00 or opened_at > 2026-07-01 21:59:59 or opened_at empty)'],
    ['opened_atRELATIVEGT@hour@ago@4', 'opened_at > 2026-11-21 06:20:30'],
    ['opened_atRELATIVELE@minute@ahead@10', 'opened_at <= 2026-11-21 10:30:30'],
    ['opened_atRELATIVEEE@dayofweek@ago@7', '(opened_at >= 2026-11-13 23:00:00 and opened_at <= 2026-11-14 22:59:59)'],
    ['work_timeMORETHANwork_time', 'work_time > work_time'],
  ];
  for (const [query, expected] of meanings) test(`${query} means ${expected}`, () => assert.equal(meaning(query), expected));

  const invalid = [
    'bogus=1',
    'assigned_to.bogus=1',
    'number.name=1',
    '__proto__=1',
    'constructor.prototype=1',
    'work_notesLIKEx',
    'caller_id.user_password=x',
    'caller_id.user_passwordSTARTSWITHs',
    'opened_at>javascript:gs.eval("1")',
    'opened_at>javascript:new Date()',
    'opened_at>javascript:gs.daysAgo(1); gs.log("x")',
    'opened_at>javascript:gs.daysAgo()',
    'opened_at>javascript:gs.daysAgo(1e9)',
    'opened_at>javascript:gs.daysAgo(999999999999)',
    'opened_at>javascript:gs.daysAgo("x")',
    'opened_at>javascript:gs.yearsAgo(1000000)',
    'opened_at>javascript:gs.daysAgo(1000000)',
    'opened_at>javascript:gs.minutesAgoEnd(-1000000000)',
    "opened_at>javascript:gs.dateGenerate('x','start')",
    `opened_at>javascript:gs.daysAgo(1)${' '.repeat(5000)}x`,
    'opened_atON',
    'opened_atONToday@nonsense@nonsense',
    'priorityONToday@2026-01-01@2026-01-02',
    'opened_atBETWEEN2026-01-01',
    'opened_atBETWEENjavascript:x@javascript:y',
    'opened_atRELATIVEGT@fortnight@ago@1',
    'opened_atRELATIVEGT@year@ago@999999',
    "opened_atDATEPARTx@javascript:gs.datePart('era','1','EE')",
    "priorityDATEPARTx@javascript:gs.datePart('year','1','EE')",
    'prioritySAMEASbogus',
    'opened_atMORETHANdue@day@sideways@1',
    'opened_atMORETHANdue@year@before@999',
    'short_descriptionISEMPTYx',
    'assigned_toDYNAMICnothing',
    'assigned_toIN_HIERARCHYx',
    'stateVALCHANGES',
    'stateCHANGESTO7',
    'sys_tags.abc=abc',
    'JOINnowhere.a=sys_user.sys_id!',
    'RLQUERYnowhere.a,=1^ENDRLQUERY',
  ];
  for (const text of invalid) {
    test(`${text.slice(0, 80)} is dropped, and matches nothing where nothing may be widened`, () => {
      assert.equal(meaning(`active=true^${text}`), 'active in [1]');
      assert.ok(bound(`active=true^${text}`).invalidTerms.length > 0);
      assert.equal(meaning(`active=true^${text}`, { onInvalidTerm: 'match_nothing' }), 'never');
      assert.equal(meaning(`active=true^NQ${text}`, { onInvalidTerm: 'match_nothing' }), 'never');
    });
  }

  test('stops at the last moment there is', () => {
    const west = { asker: { ...asker, timeZone: 'America/New_York' } };
    assert.equal(meaning('opened_at<=9999-12-31 23:00:00', west), 'opened_at <= 9999-12-31 23:59:59');
    assert.equal(
      meaning('opened_at=9999-12-31', west),
      '(opened_at >= 9999-12-31 05:00:00 and opened_at <= 9999-12-31 23:59:59)',
    );
    assert.equal(meaning('due<=9999-12-31', west), 'due <= 9999-12-31');
  });

  test('that is dropped from an OR leaves the other side', () => {
    assert.equal(meaning('bogus=1^ORactive=true'), 'active in [1]');
    assert.equal(meaning('active=true^ORbogus=1'), 'active in [1]');
  });

  test('names the fields it could not find and those it may not ask about', () => {
    const query = bound('bogus=1^caller_id.user_password=x^priority=1^ORDERBYnothing', {
      mayAsk: (field) => field.element !== 'priority',
    });
    assert.deepEqual(query.unknownFields, ['bogus', 'nothing']);
    assert.deepEqual(query.unreadableFields, ['caller_id.user_password', 'priority']);
    assert.equal(shown(query.condition), 'always');
  });

  test('looks through a reference only where the caller may', () => {
    const mayAsk = (_: unknown, table: { name: string }): boolean => table.name !== 'sys_user';
    assert.deepEqual(bound('caller_id.emailLIKEx', { mayAsk }).unreadableFields, ['caller_id.email']);
    // What people see of the user is a field of the user: the key is searched instead.
    assert.equal(meaning('caller_idLIKEx', { mayAsk }), 'caller_id anywhere "x"');
    assert.deepEqual(bound('RLQUERYsys_user.manager,=1^ENDRLQUERY', { mayAsk }).unreadableFields, ['manager']);
  });

  test('tells whether its meaning hangs on the caller or on the time', () => {
    const hangs = (query: string): readonly boolean[] => [bound(query).isPersonal, bound(query).isTimed];
    assert.deepEqual(hangs('active=true^opened_at>2026-01-01'), [false, false]);
    assert.deepEqual(hangs('assigned_to=javascript:gs.getUserID()'), [true, false]);
    assert.deepEqual(hangs('opened_at>javascript:gs.daysAgo(1)'), [false, true]);
    assert.deepEqual(hangs('opened_atRELATIVEGT@hour@ago@4'), [false, true]);
    assert.deepEqual(hangs('assigned_toDYNAMIC90d1921e5f510100a9ad2572f2b477fe'), [true, false]);
  });
});

describe('a filter of the address', () => {
  const filtered = (field: string, value: string, query = ''): string => meaning(query, { filters: [[field, value]] });
  test('may say what people see', () => {
    assert.equal(filtered('state', 'closed'), 'state in [7]');
    assert.equal(
      filtered('assigned_to', 'john.smith'),
      '(assigned_to in [john.smith] or assigned_to.name in [john.smith] or assigned_to.user_name in [john.smith])',
    );
    assert.equal(
      filtered('assignment_group', 'Network'),
      '(assignment_group in [Network] or assignment_group.name in [Network])',
    );
  });
  test('holds for every group of the query', () => {
    assert.equal(filtered('number', 'x', 'priority=1^NQpriority=2'), '((priority in [1] or priority in [2]) and number in [x])');
  });
  test('is one value, whatever stands in it', () => {
    assert.equal(filtered('number', 'x^ORactive=true'), 'number in [x^ORactive=true]');
  });
  test('is invalid like any other term when its field is none', () => {
    assert.equal(meaning('', { filters: [['bogus', '1']], onInvalidTerm: 'match_nothing' }), 'never');
    assert.equal(meaning('', { filters: [['__proto__', '1']] }), 'always');
  });
  test('that is no field is no question about a field; one that may not be asked about is', () => {
    const filters = [
      ['_', '1699999999'],
      ['caller_id.bogus', '1'],
      ['priority', '1'],
    ] as const;
    const { unknownFields, unreadableFields, invalidTerms } = bound('', {
      filters,
      mayAsk: ({ element }) => element !== 'priority',
    });
    assert.deepEqual([unknownFields, unreadableFields], [[], ['priority']]);
    assert.deepEqual(invalidTerms, ['_=1699999999', 'caller_id.bogus=1', 'priority=1']);
  });
});
