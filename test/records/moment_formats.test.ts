// How users write days and times: patterns of their records, shown and read back.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeMomentFormats } from '../../src/records/moment_formats.ts';

const moments = ['2026-07-01 00:05:09', '2026-12-31 12:00:00', '1999-02-03 23:59:59'];

describe('the way a user writes moments', () => {
  const shown: ReadonlyArray<readonly [date: string, time: string, first: string]> = [
    ['dd/MM/yyyy', 'hh:mm:ss a', '01/07/2026 12:05:09 AM'],
    ['MM-dd-yyyy', '', '07-01-2026 00:05:09'],
    ['dd.MM.yyyy', 'HH.mm.ss', '01.07.2026 00.05.09'],
    ['', 'HH:mm', '2026-07-01 00:05'],
    ['d/M/yyyy', 'h:mm:ss a', '1/7/2026 12:05:09 AM'],
    ['MM/dd/yy', '', '07/01/26 00:05:09'],
  ];
  for (const [date, time, first] of shown) {
    it(`follows ${date || 'the usual date'} and ${time || 'the usual time'}`, () => {
      const formats = makeMomentFormats(date, time);
      assert.equal(formats?.moment(moments[0] ?? ''), first);
      assert.equal(formats?.read(first)?.slice(0, 16), '2026-07-01 00:05');
    });
  }

  it('reads back what it shows, moments and days', () => {
    const formats = makeMomentFormats('dd/MM/yyyy', 'hh:mm:ss a');
    for (const moment of moments) assert.equal(formats?.read(formats.moment(moment)), moment);
    for (const moment of moments) assert.equal(formats?.read(` ${formats.day(moment.slice(0, 10))} `), moment.slice(0, 10));
    assert.equal(formats?.time('13:05:00'), '01:05:00 PM');
  });

  it('is nothing of its own where it is the usual one, or where its pattern cannot be followed', () => {
    for (const [date, time] of [
      ['', ''],
      ['yyyy-MM-dd', 'HH:mm:ss'],
      ['dd/MM', 'mm'],
      ['dd/MM/yyyy dd', 'HH:HH'],
      ['EEEE dd/MM/yyyy', 'x'],
      ['__proto__', 'constructor'],
    ] as const)
      assert.equal(makeMomentFormats(date, time), undefined, `${date} ${time}`);
  });

  it('leaves alone what it does not know', () => {
    const formats = makeMomentFormats('dd/MM/yyyy', '');
    assert.equal(formats?.moment('+010000-01-01 00:0'), '+010000-01-01 00:0');
    for (const text of ['', '2026-07-01 00:00:00', '1/7/2026', 'soon', '01/07/2026 25', `01/07/2026${' '.repeat(100_000)}x`])
      assert.equal(formats?.read(text), undefined);
  });
});
