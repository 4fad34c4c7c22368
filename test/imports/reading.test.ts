// Files, claims and dates as texts of rows: the parts that touch no database.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { columnName, planColumns, planRows } from '../../src/imports/column_names.ts';
import { flatten } from '../../src/imports/flatten.ts';
import { defaultFormatOptions, type FormatOptions } from '../../src/imports/formats/format.ts';
import { formatNamed, formatOf } from '../../src/imports/formats/index.ts';
import { rowsAtOnce } from '../../src/imports/rows_at_once.ts';
import { makeReadDate } from '../../src/imports/transform/date_format.ts';
import { bytesOf } from './part.ts';

async function* byteByByte(file: Uint8Array): AsyncIterable<Uint8Array> {
  for (const byte of file) yield Uint8Array.of(byte);
}

const rowsOf = async (format: string, file: string | Uint8Array, options: Partial<FormatOptions> = {}) => {
  const rows: Record<string, string>[] = [];
  const bytes = typeof file === 'string' ? bytesOf(...file) : byteByByte(file);
  const read = formatNamed(format)?.read(bytes, { ...defaultFormatOptions, ...options });
  for await (const row of read ?? []) rows.push(Object.fromEntries(row));
  return rows;
};

describe('files', () => {
  it('give the same rows whatever their format', async () => {
    const rows = [
      { name: 'Ada', note: 'a, "b"' },
      { name: 'Grace', note: '' },
    ];
    assert.deepEqual(await rowsOf('CSV', '\ufeffname,note\r\nAda,"a, ""b"""\r\n\r\nGrace,\r\n'), rows);
    assert.deepEqual(await rowsOf('CSV', 'name;note\nAda;"a, ""b"""\nGrace\n', { delimiter: ';' }), rows);
    assert.deepEqual(await rowsOf('JSON', JSON.stringify({ meta: 1, result: { rows } })), rows);
    assert.deepEqual(await rowsOf('JSON', JSON.stringify({ other: [{}], result: { rows } }), { path: 'result.rows' }), rows);
    assert.deepEqual(await rowsOf('JSON', rows.map((row) => JSON.stringify(row)).join('\n')), rows);
    const xml = '<all><one name="Ada"><note>a, "b"</note></one><one><name>Grace</name><note/></one></all>';
    assert.deepEqual(await rowsOf('XML', xml, { path: '/all/one' }), rows);
  });

  it('are given up when their parser takes too long', async () => {
    const overAtOnce = {
      after: (_delayMs: number, work: () => void) => {
        work();
        return () => undefined;
      },
    };
    const long = Readable.from([Buffer.from(`[{"a":"${'x'.repeat(300_000)}"}]`)]);
    const rows = formatNamed('JSON')?.read(long, { ...defaultFormatOptions, clock: overAtOnce });
    await assert.rejects(Array.fromAsync(rows ?? []), {
      code: 'imports.unreadable_file',
      explanation: /more than 120 seconds/,
    });
  });

  it('are taken by the row where a row is as long as many', () => {
    assert.deepEqual([1, 32, 33, 1_000, 100_000].map(rowsAtOnce), [512, 512, 496, 16, 1]);
  });

  it('are read in the encoding that they or their sender name, and never in a guessed one', async () => {
    const rows = [{ name: 'Éva', note: 'ő' }];
    const csv = '\ufeffname,note\r\nÉva,ő\r\n';
    assert.deepEqual(await rowsOf('CSV', Buffer.from(csv, 'utf16le')), rows);
    assert.deepEqual(await rowsOf('CSV', Buffer.from(csv, 'utf16le').swap16()), rows);
    assert.deepEqual(await rowsOf('JSON', Buffer.from(`\ufeff${JSON.stringify(rows)}`, 'utf16le')), rows);
    const latin = Buffer.from('name,note\nÉva,è\n', 'latin1');
    assert.deepEqual(await rowsOf('CSV', latin, { encoding: 'windows-1252' }), [{ name: 'Éva', note: 'è' }]);
    await assert.rejects(rowsOf('CSV', latin), /cannot be read as CSV/);
    await assert.rejects(rowsOf('CSV', latin, { encoding: 'klingon' }), { explanation: /klingon is not known/ });
    const xml = '<?xml version="1.0" encoding="ISO-8859-1"?><all><one><name>Éva</name></one></all>';
    assert.deepEqual(await rowsOf('XML', Buffer.from(xml, 'latin1'), { path: '/all/one' }), [{ name: 'Éva' }]);
  });

  it('are read as people make them: lines of two kinds, quotes in the middle, the same header twice', async () => {
    assert.deepEqual(await rowsOf('CSV', 'name,note\r\na,3.5" disk\nb,c,\r\n'), [
      { name: 'a', note: '3.5" disk' },
      { name: 'b', note: 'c' },
    ]);
    assert.deepEqual(await rowsOf('CSV', 'name,name,,name 2\n1,2,3,4\n'), [
      { name: '1', 'name 3': '2', 'Column 3': '3', 'name 2': '4' },
    ]);
    await assert.rejects(rowsOf('CSV', 'a,b\n1,2,3\n'), { explanation: 'Line 2 has 3 fields, the header has 2' });
    await assert.rejects(rowsOf('CSV', 'a,b\n', { delimiter: '"' }), { explanation: /quote/ });
  });

  it('keep long numbers, and characters that are written as numbers', async () => {
    assert.deepEqual(await rowsOf('JSON', '[{"key":12345678901234567890,"n":1.5}]'), [{ key: '12345678901234567890', n: '1.5' }]);
    assert.deepEqual(await rowsOf('XML', '<r><i n="&#233;"><a>&#65;&amp;#66;</a></i></r>'), [{ n: 'é', a: 'A&#66;' }]);
  });

  it('find their rows by the paths that the original takes', async () => {
    const json = JSON.stringify({
      tags: ['x'],
      none: [],
      a: [
        { id: 1, rows: [{ k: 1 }, { k: 2 }] },
        { id: 2, rows: [{ k: 3 }] },
      ],
    });
    const keys = async (path: string) => (await rowsOf('JSON', json, { path })).map((row) => row.k ?? row.id);
    for (const path of ['$.a[*].rows', '$.a[*].rows[*]', 'a.rows', '/a/rows', '//rows', '$..rows', "$['a'].rows"])
      assert.deepEqual(await keys(path), ['1', '2', '3'], path);
    for (const path of ['', '$.a', '$.a[*]', '/a', '/a/']) assert.deepEqual(await keys(path), ['1', '2'], path);
    assert.deepEqual(await keys('$.a[1].rows'), ['3']);
    assert.deepEqual(await keys('$.none'), []);
    await assert.rejects(keys('$.b'), { explanation: 'There is nothing at $.b' });
    await assert.rejects(keys('$.a[?(@.id==1)]'), { explanation: /is not understood/ });

    const xml = '<r><on>2</on><list><i id="1"/><i id="2"/></list><list><i id="3"/></list><empty/></r>';
    const ids = async (path: string) => (await rowsOf('XML', xml, { path })).map((row) => row.id);
    for (const path of ['/r/list/i', '//i', 'r.list.i', '//list/i', '/r/*/i'])
      assert.deepEqual(await ids(path), ['1', '2', '3'], path);
    assert.deepEqual(await ids('/r/list/i[1]'), ['1', '3']);
    assert.deepEqual(await ids('/r/empty/i'), []);
    await assert.rejects(ids('/nothing'), { explanation: 'There is nothing at /nothing' });
    await assert.rejects(ids('//i[@id="2"]'), { explanation: /is not understood/ });
    assert.deepEqual(
      await rowsOf('XML', '<r><i><a>1</a></i></r>'),
      await rowsOf('XML', '<r><i><a>1</a></i></r>', { path: '/r/i' }),
    );
    assert.deepEqual(await rowsOf('XML', '<r made="now"><i a="1"><b>2</b></i></r>'), [{ a: '1', b: '2' }]);
    assert.deepEqual(await rowsOf('JSON', '{"name":"Ada","tags":["x","y"]}'), [{ name: 'Ada', tags: 'x,y' }]);
  });

  it('are the same rows where they are long enough to be read in a thread of their own', async () => {
    const many = Array.from({ length: 9_000 }, (_, at) => ({ key: `k${at}`, text: 'some words é' }));
    const json = Buffer.from(JSON.stringify({ many }));
    assert.ok(json.length > 300_000);
    async function* piece(file: Uint8Array): AsyncIterable<Uint8Array> {
      yield file;
    }
    const read = (file: Uint8Array, format = 'JSON', options: Partial<FormatOptions> = {}) =>
      formatNamed(format)?.read(piece(file), { ...defaultFormatOptions, ...options }) ?? assert.fail();
    const rows: Record<string, string>[] = [];
    for await (const row of read(json, 'JSON', { path: '$.many[*]' })) rows.push(Object.fromEntries(row));
    assert.deepEqual(rows, many);
    const xml = Buffer.from(`<r>${many.map(({ key, text }) => `<i><key>${key}</key><text>${text}</text></i>`).join('')}</r>`);
    for await (const row of read(xml, 'XML')) {
      // The first row is enough: whoever stops reading is not waited for.
      assert.deepEqual(Object.fromEntries(row), many[0]);
      break;
    }
    const broken = Buffer.concat([json.subarray(0, -3), Buffer.from('!')]);
    const all = async () => {
      for await (const row of read(broken)) assert.fail(String(row));
    };
    await assert.rejects(all, (error: Error & { code?: string; explanation?: string }) => {
      assert.deepEqual([error.code, /position/.test(error.explanation ?? '')], ['imports.unreadable_file', true]);
      return true;
    });
    await assert.rejects(
      async () => {
        for await (const row of read(json, 'JSON', { wholeLimitBytes: 1_000 })) assert.fail(String(row));
      },
      { code: 'imports.file_too_large' },
    );
  });

  it('are known by name, else by media type', () => {
    assert.equal(formatOf('a.XLSX', 'text/csv')?.name, 'Excel');
    assert.equal(formatOf('', 'application/json; charset=utf-8')?.name, 'JSON');
    assert.equal(formatOf('a.pdf', 'application/pdf'), undefined);
  });
});

describe('columns', () => {
  it('are named after headers, whatever those are', () => {
    const names: [string, string][] = [
      ['First Name', 'u_first_name'],
      ['u_key', 'u_key'],
      ['É--t__é', 'u_e_t_e'],
      ['名前', 'u_field'],
      ['', 'u_field'],
      ["'; DROP TABLE x; --", 'u_drop_table_x'],
    ];
    for (const [header, name] of names) assert.equal(columnName(header), name, header);
    assert.ok(columnName('x'.repeat(500)).length <= 60);
  });

  it('are found by label or name before one is made, and no two headers share one', () => {
    const plans = planColumns(
      ['Key', 'u_text', 'First', 'FIRST', 'extra'],
      [
        { element: 'u_k', label: 'key' },
        { element: 'u_text', label: 'T' },
      ],
      2,
    );
    assert.deepEqual(
      plans.map((plan) => [plan.element, plan.isNew]),
      [
        ['u_k', false],
        ['u_text', false],
        ['u_first', true],
        ['u_first_2', true],
      ],
    );
  });

  it('are the same for other spellings in other rows, and for the label of a column and its name', () => {
    const known = [{ element: 'u_email', label: 'E-Mail' }];
    const given = [
      new Map([
        ['E-Mail', '1'],
        ['Key', 'a'],
      ]),
      new Map([
        ['u_email', '2'],
        ['key', 'b'],
      ]),
      new Map([
        ['email', '3'],
        ['both', 'x'],
        ['Both', 'y'],
      ]),
    ];
    const { plans, rows } = planRows(given, known, 10);
    assert.deepEqual(
      plans.map(({ header, element }) => [header, element]),
      [
        ['E-Mail', 'u_email'],
        ['Key', 'u_key'],
        ['both', 'u_both'],
        ['Both', 'u_both_2'],
      ],
    );
    assert.deepEqual(
      rows.map((row) => row.get('E-Mail')),
      ['1', '2', '3'],
    );
  });

  it('of nested values are flat, bounded, and free of what no engine stores', () => {
    const row = flatten({ a: { b: 1 }, list: [1, null, 'x'], objects: [{ c: 1 }], nul: 'a\0b', half: '\ud800', no: null });
    assert.deepEqual(Object.fromEntries(row), {
      'a.b': '1',
      list: '1,,x',
      objects: '[{"c":1}]',
      nul: 'ab',
      half: '\ufffd',
      no: '',
    });
    const small = { depth: 1, keys: 2, keyLength: 3, textLength: 4 };
    assert.deepEqual(
      [...flatten({ abcdef: '123456', b: { c: { d: 1 } }, e: 1 }, small)],
      [
        ['abc', '1234'],
        ['b', '{"c"'],
      ],
    );
  });
});

describe('dates', () => {
  it('are read by their pattern, and by nothing else', () => {
    const good: [string, string, string][] = [
      ['05/11/2026', 'dd/MM/yyyy', '2026-11-05T00:00:00.000Z'],
      ['11/5/26 2:07 PM', 'M/d/yy h:mm a', '2026-11-05T14:07:00.000Z'],
      ['5-Nov-2026 23:59:58', 'd-MMM-yyyy HH:mm:ss', '2026-11-05T23:59:58.000Z'],
      ['2026-11-05T10:00:00+02:00', "yyyy-MM-dd'T'HH:mm:ssX", '2026-11-05T08:00:00.000Z'],
    ];
    for (const [text, pattern, iso] of good) assert.equal(new Date(makeReadDate(pattern)(text) ?? 0).toISOString(), iso, text);
    for (const [text, pattern] of [
      ['31/02/2026', 'dd/MM/yyyy'],
      ['1'.repeat(60), `${'d'.repeat(40)}x`],
      [`${'1'.repeat(60)}x`, 'dM'.repeat(20)],
      ['2026-11-05', 'dd/MM/yyyy'],
      ['05/11/2026 25:00', 'dd/MM/yyyy HH:mm'],
      ['', 'dd/MM/yyyy'],
      ['5-Foo-2026', 'd-MMM-yyyy'],
    ] as const)
      assert.equal(makeReadDate(pattern)(text), undefined, text);
  });
});
