// Wall clocks of zones, above all where clocks change.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fromWall, toWall } from '../../src/records/zoned.ts';

const ms = (text: string): number => Date.parse(`${text.replace(' ', 'T')}Z`);

const zones = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'America/Sao_Paulo',
];

describe('a wall clock', () => {
  const cases: ReadonlyArray<readonly [zone: string, wall: string, moment: string]> = [
    ['UTC', '2026-07-01 10:00:00', '2026-07-01 10:00:00'],
    ['Europe/Paris', '2026-01-01 00:00:00', '2025-12-31 23:00:00'],
    ['Europe/Paris', '2026-07-01 00:00:00', '2026-06-30 22:00:00'],
    ['America/New_York', '2026-07-01 00:00:00', '2026-07-01 04:00:00'],
    ['Asia/Kolkata', '2026-07-01 00:00:00', '2026-06-30 18:30:00'],
    // Skipped: as far behind the change as the clock says.
    ['Europe/Paris', '2026-03-29 02:30:00', '2026-03-29 01:30:00'],
    ['America/New_York', '2026-03-08 02:30:00', '2026-03-08 07:30:00'],
    // Twice: the first.
    ['Europe/Paris', '2026-10-25 02:30:00', '2026-10-25 00:30:00'],
    ['America/New_York', '2026-11-01 01:30:00', '2026-11-01 05:30:00'],
    ['Nowhere/Land', '2026-07-01 00:00:00', '2026-07-01 00:00:00'],
    ['', '2026-07-01 00:00:00', '2026-07-01 00:00:00'],
  ];
  for (const [zone, wall, moment] of cases) {
    test(`in ${zone || 'no zone'} at ${wall} means ${moment}`, () => assert.equal(fromWall(ms(wall), zone), ms(moment)));
  }

  test('shows what the standard library says, at any moment', () => {
    for (const timeZone of zones) {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
      fc.assert(
        fc.property(fc.integer({ min: ms('1965-01-01 00:00:00') / 1000, max: ms('2060-01-01 00:00:00') / 1000 }), (seconds) => {
          const wall = new Date(toWall(seconds * 1000, timeZone)).toISOString();
          assert.equal(wall.slice(0, 19).replace('T', ' '), format.format(seconds * 1000));
        }),
      );
    }
  });

  test('leads back to the moment it was read at, except in an hour that comes twice', () => {
    for (const zone of zones) {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 3e9 }), (seconds) => {
          const atMs = seconds * 1000;
          const back = fromWall(toWall(atMs, zone), zone);
          assert.equal(toWall(back, zone), toWall(atMs, zone));
          assert.ok(back <= atMs);
        }),
      );
    }
  });
});
