// The shapes of values on the wire, in JSON and in XML, in the three display modes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { makeJsonPresenter, type PresentOptions } from '../../../src/records/present/json.ts';
import { jsonText } from '../../../src/records/present/json_text.ts';
import { type ShownNames, wantedNames } from '../../../src/records/present/names.ts';
import { xmlFailure, xmlList, xmlOne, xmlText } from '../../../src/records/present/xml.ts';
import type { Column, DisplayMode, Selection } from '../../../src/records/records.ts';
import type { Value } from '../../../src/store/store.ts';
import { makeModel } from '../query/model.ts';

const model = makeModel();
const linkBase = 'https://causeway.example/api/now/v2';

/** A selection of one row; a value is what the column holds, or that and what its reference shows. */
const selectionOf = (table: string, cells: Readonly<Record<string, Value | readonly [Value, Value]>>): Selection => {
  const row: Value[] = ['1'.repeat(32)];
  const columns = Object.entries(cells).map(([key, cell]): Column => {
    const field = model.table(table).fields.get(key);
    const isPair = Array.isArray(cell);
    if (field?.column === '') return { key, field, valueAt: -1, displayAt: -1 };
    const valueAt = row.push(isPair ? cell[0] : (cell as Value)) - 1;
    return { key, field, valueAt, displayAt: isPair ? row.push(cell[1]) - 1 : -1 };
  });
  return { table: model.table(table), columns, rows: [row], total: undefined };
};

const optionsFor = (display: DisplayMode, more: Partial<PresentOptions> = {}): PresentOptions => ({
  dictionary: model.dictionary,
  display,
  excludeLinks: false,
  linkBase,
  timeZone: 'Europe/Paris',
  ...more,
});

const names: ShownNames = {
  nameOf: (table, key) => (table === 'sys_user' && key === 'u1' ? 'Ann' : undefined),
  journalOf: (sysId, element) => `${element} of ${sysId.slice(0, 2)}`,
};

const json = (selection: Selection, options: PresentOptions): Record<string, unknown> =>
  JSON.parse(makeJsonPresenter().one(selection, options, names));

describe('a value in JSON', () => {
  const shapes: ReadonlyArray<readonly [string, string, Value | readonly [Value, Value], unknown, unknown, unknown]> = [
    ['a text', 'number', 'INC1', 'INC1', 'INC1', { display_value: 'INC1', value: 'INC1' }],
    ['no text', 'number', null, '', '', { display_value: '', value: '' }],
    ['an amount', 'cost', 1234.5, '1234.5', '1234.5', { display_value: '1234.5', value: '1234.5' }],
    ['a boolean', 'active', 1, 'true', 'true', { display_value: 'true', value: 'true' }],
    ['a boolean never set', 'active', null, 'false', 'false', { display_value: 'false', value: 'false' }],
    ['a choice', 'state', 2, '2', 'In Progress', { display_value: 'In Progress', value: '2' }],
    ['a choice without a label', 'state', 99, '99', '99', { display_value: '99', value: '99' }],
    ['no choice', 'state', null, '', '', { display_value: '', value: '' }],
    [
      'a moment in summer',
      'opened_at',
      '2026-07-01 22:30:00',
      '2026-07-01 22:30:00',
      '2026-07-02 00:30:00',
      { display_value: '2026-07-02 00:30:00', value: '2026-07-01 22:30:00' },
    ],
    ['a date', 'due', '2026-07-01', '2026-07-01', '2026-07-01', { display_value: '2026-07-01', value: '2026-07-01' }],
    [
      'a duration',
      'work_time',
      '1970-01-01 00:02:17',
      '1970-01-01 00:02:17',
      '2 Minutes 17 Seconds',
      { display_value: '2 Minutes 17 Seconds', value: '1970-01-01 00:02:17' },
    ],
    ['a class', 'sys_class_name', 'incident', 'incident', 'Incident', { display_value: 'Incident', value: 'incident' }],
    [
      'a reference',
      'assigned_to',
      ['u1', 'Ann'],
      { link: `${linkBase}/table/sys_user/u1`, value: 'u1' },
      { display_value: 'Ann', link: `${linkBase}/table/sys_user/u1` },
      { display_value: 'Ann', link: `${linkBase}/table/sys_user/u1`, value: 'u1' },
    ],
    ['no reference', 'assigned_to', [null, null], '', '', { display_value: '', value: '' }],
    [
      'a reference to nothing',
      'assigned_to',
      ['gone', null],
      { link: `${linkBase}/table/sys_user/gone`, value: 'gone' },
      { display_value: '', link: `${linkBase}/table/sys_user/gone` },
      { display_value: '', link: `${linkBase}/table/sys_user/gone`, value: 'gone' },
    ],
    [
      'a reference by name',
      'kind',
      ['a&b c', 'Label'],
      { link: `${linkBase}/table/sys_db_object?name=a%26b%20c`, value: 'a&b c' },
      { display_value: 'Label', link: `${linkBase}/table/sys_db_object?name=a%26b%20c` },
      { display_value: 'Label', link: `${linkBase}/table/sys_db_object?name=a%26b%20c`, value: 'a&b c' },
    ],
    [
      'a list',
      'watch_list',
      'u1,x@y.example',
      'u1,x@y.example',
      'Ann, x@y.example',
      { display_value: 'Ann, x@y.example', value: 'u1,x@y.example' },
    ],
    ['a journal', 'work_notes', null, '', 'work_notes of 11', { display_value: 'work_notes of 11', value: '' }],
  ];
  for (const [what, key, cell, plain, shown, all] of shapes) {
    test(`${what} has its three shapes`, () => {
      const selection = selectionOf('task', { [key]: cell });
      assert.deepEqual(json(selection, optionsFor('false'))[key], plain);
      assert.deepEqual(json(selection, optionsFor('true'))[key], shown);
      assert.deepEqual(json(selection, optionsFor('all'))[key], all);
    });
  }

  test('of a reference is a plain string where links are left out', () => {
    const selection = selectionOf('task', { assigned_to: ['u1', 'Ann'] });
    const without = (display: DisplayMode): unknown => json(selection, optionsFor(display, { excludeLinks: true })).assigned_to;
    assert.deepEqual(
      ['false', 'true', 'all'].map((mode) => without(mode as DisplayMode)),
      ['u1', 'Ann', { display_value: 'Ann', value: 'u1' }],
    );
  });

  test('that is secret is masked in every mode', () => {
    const selection = selectionOf('sys_user', { user_password: 'hash-of-it' });
    for (const display of ['false', 'true', 'all'] as const) {
      const text = makeJsonPresenter().one(selection, optionsFor(display));
      assert.ok(!text.includes('hash-of-it') && text.includes('********'), text);
      assert.ok(!xmlOne(selection, optionsFor(display)).includes('hash-of-it'));
    }
    assert.deepEqual(json(selectionOf('sys_user', { user_password: null }), optionsFor('false')), { user_password: '' });
  });

  test('behind a walk that leads nowhere is empty', () => {
    const active = model.table('sys_user').fields.get('active');
    const selection: Selection = {
      table: model.table('task'),
      columns: [
        { key: 'assigned_to.active', field: active, valueAt: 1, displayAt: -1 },
        { key: 'assigned_to.bogus', field: undefined, valueAt: -1, displayAt: -1 },
      ],
      rows: [['1', null]],
      total: undefined,
    };
    assert.deepEqual(json(selection, optionsFor('false')), { 'assigned_to.active': '', 'assigned_to.bogus': '' });
  });

  test('survives whatever text it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(jsonText(text), JSON.stringify(text));
        assert.equal(json(selectionOf('task', { number: text }), optionsFor('false')).number, text);
      }),
    );
  });

  test('is written with the label of a choice in use rather than of one that is not', () => {
    const state = model.table('task').fields.get('state');
    assert.ok(state);
    const choice = (label: string, inactive: boolean) => ({ value: '1', label, sequence: 0, dependentValue: '', inactive });
    const field = { ...state, choices: [choice('Old', true), choice('New', false)] };
    const selection: Selection = {
      table: model.table('task'),
      columns: [{ key: 'state', field, valueAt: 1, displayAt: -1 }],
      rows: [['x', 1]],
      total: undefined,
    };
    assert.deepEqual(json(selection, optionsFor('true')), { state: 'New' });
  });
});

describe('rows in JSON', () => {
  test('are a list, and one is an object', () => {
    const presenter = makeJsonPresenter();
    const selection = selectionOf('task', { number: 'A' });
    const two = {
      ...selection,
      rows: [
        ['1', 'A'],
        ['2', 'B'],
      ],
    };
    assert.equal(presenter.list(two, optionsFor('false')), '[{"number":"A"},{"number":"B"}]');
    assert.equal(presenter.list({ ...selection, rows: [] }, optionsFor('false')), '[]');
    assert.equal(presenter.one({ ...selection, rows: [] }, optionsFor('false')), '{}');
  });

  test('are whole whichever of their fields are empty', () => {
    const presenter = makeJsonPresenter();
    const filled = { number: 'INC1', assigned_to: 'u1', state: 2, caller_id: 'u2', due: '2026-07-01' };
    const { table, columns } = selectionOf('incident', filled);
    const all = Object.values(filled);
    const rows = Array.from({ length: 2 ** all.length }, (_, mask): Value[] => [
      '1'.repeat(32),
      ...all.map((value, at) => ((mask >> at) & 1 ? value : null)),
    ]);
    const link = (key: Value) => ({ link: `${linkBase}/table/sys_user/${key}`, value: key });
    const expected = rows.map(([, number, assigned, state, called, due]) => ({
      number: number ?? '',
      assigned_to: assigned ? link(assigned) : '',
      state: state ? '2' : '',
      caller_id: called ? link(called) : '',
      due: due ?? '',
    }));
    // The second time by what the first has left.
    for (const round of ['first', 'second']) {
      const shown = JSON.parse(presenter.list({ table, columns, rows, total: undefined }, optionsFor('false')));
      assert.deepEqual(shown, expected, round);
    }
  });

  test('prepared once are shown as each caller asks', () => {
    const presenter = makeJsonPresenter();
    const selection = selectionOf('task', { opened_at: '2026-01-01 00:00:00', assigned_to: ['u1', 'Ann'] });
    const seen = [
      optionsFor('all'),
      optionsFor('all', { timeZone: 'Asia/Tokyo' }),
      optionsFor('all', { linkBase: 'http://other' }),
      optionsFor('all', { excludeLinks: true }),
      optionsFor('true'),
      optionsFor('all'),
    ].map((options) => presenter.one(selection, options));
    assert.equal(new Set(seen).size, 5);
    assert.equal(seen[0], seen[5]);
    // More than stay prepared.
    for (let at = 0; at < 12_000; at += 1)
      assert.ok(presenter.one(selection, optionsFor('all', { linkBase: `http://h${at}` })).includes(`http://h${at}/`));
  });

  test('say which names and journals must be looked up first', () => {
    const selection = selectionOf('task', { watch_list: 'u1,u2', work_notes: null, number: 'A' });
    const {
      names: wanted,
      journals,
      sysIds,
    } = wantedNames({
      ...selection,
      rows: [
        ['a', 'u1,u2', 'A'],
        ['b', 'u2,u3', 'B'],
        ['c', null, null],
      ],
    });
    assert.deepEqual([...(wanted.get('sys_user') ?? [])], ['u1', 'u2', 'u3']);
    assert.deepEqual([journals, sysIds], [['work_notes'], ['a', 'b', 'c']]);
    assert.deepEqual(wantedNames(selectionOf('task', { number: 'A' })), { names: new Map(), journals: [], sysIds: [] });
  });
});

describe('rows in XML', () => {
  const read = (text: string): Record<string, unknown> => {
    assert.equal(XMLValidator.validate(text), true, text);
    return new XMLParser({ parseTagValue: false, ignoreDeclaration: true }).parse(text);
  };

  test('say what the JSON says', () => {
    const selection = selectionOf('task', { number: 'a<b>&"c"', assigned_to: ['u1', 'Ann'], state: 2, parent: [null, null] });
    for (const display of ['false', 'true', 'all'] as const) {
      const { response } = read(xmlOne(selection, optionsFor(display), names)) as { response: { result: unknown } };
      assert.deepEqual(response.result, json(selection, optionsFor(display)));
    }
  });

  test('are one result for each record', () => {
    const selection = selectionOf('task', { number: 'A' });
    assert.deepEqual(
      read(
        xmlList(
          {
            ...selection,
            rows: [
              ['1', 'A'],
              ['2', 'B'],
            ],
          },
          optionsFor('false'),
        ),
      ),
      {
        response: { result: [{ number: 'A' }, { number: 'B' }] },
      },
    );
    assert.deepEqual(read(xmlList({ ...selection, rows: [] }, optionsFor('false'))), { response: '' });
  });

  test('leave out what XML cannot hold and nothing else', () => {
    assert.equal(xmlText('a\u0000\u0008b\tc\nd\re\ud800\ufffe'), 'ab\tc\nd&#13;e\ufffd');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(XMLValidator.validate(xmlFailure(text, text)), true);
      }),
    );
  });

  test('tell of a failure in the shape of the JSON', () => {
    assert.deepEqual(read(xmlFailure('No Record found', null)), {
      response: { error: { detail: '', message: 'No Record found' }, status: 'failure' },
    });
  });
});
