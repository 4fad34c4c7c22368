// What a database knows of its own past, and what on the wire is older than what was known.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isBehind,
  isOwnPast,
  isReborn,
  lineageText,
  noHistory,
  readHistory,
  readLineage,
  writeMark,
} from '../../../src/exchange/incarnation/lineage.ts';

const word = (n: number): string => n.toString(16).padStart(8, '0');
const at = (text: string) => readLineage(text) ?? assert.fail(text);
const live = (writers: readonly number[]) =>
  writers.reduce((own, writer) => writeMark(own, word(writer)), { lineage: at('1.0'), history: noHistory });

test('what is no lineage says nothing, and is never older or newer', () => {
  for (const text of [
    '',
    '1',
    '1.',
    '.1',
    '1.2.',
    '1.2.xyz',
    '1.2.ABCDEF01',
    '-1.2',
    '1.2 ',
    '1e3.1',
    `${'9'.repeat(13)}.1`,
    undefined,
  ]) {
    assert.equal(readLineage(text), undefined, String(text));
    assert.deepEqual(
      [isBehind(text, '9.9'), isBehind('1.1', text), isReborn(text, '1.1'), isReborn('2.1', text)],
      Array(4).fill(false),
    );
  }
  assert.equal(lineageText(at('12.345.0000abcd')), '12.345.0000abcd');
  assert.equal(lineageText(at('1.2')), '1.2');
});

test('processes of one instance may be two marks apart; an adoption counts more than any mark', () => {
  assert.equal(isBehind('1.98.0000000a', '1.100.0000000b'), false);
  assert.equal(isBehind('1.97', '1.100'), true);
  assert.equal(isBehind('1.900', '2.1'), true);
  assert.equal(isBehind('2.1', '1.900'), false);
  assert.deepEqual([isReborn('2.1', '1.900'), isReborn('1.901', '1.900')], [true, false]);
});

test('what its own processes wrote is its past; what another wrote, or the same one later, is not', () => {
  const own = live([7, 7, 8, 7, 8]);
  assert.equal(lineageText(own.lineage), `1.5.${word(8)}`);
  for (const past of [`1.1.${word(7)}`, `1.4.${word(7)}`, `1.5.${word(8)}`, '0.99', '1.5'])
    assert.ok(isOwnPast(own, at(past)), past);
  for (const foreign of [`1.5.${word(7)}`, `1.6.${word(8)}`, `1.1.${word(9)}`, '2.1', '1.6'])
    assert.ok(!isOwnPast(own, at(foreign)), foreign);
});

test('two that went on from one database know nothing of one another, however long they live', () => {
  const before = live([1, 1]);
  const [one, other] = [
    [2, 2, 2].reduce((own, writer) => writeMark(own, word(writer)), before),
    Array(50)
      .fill(3)
      .reduce((own, writer) => writeMark(own, word(writer)), before),
  ];
  assert.ok(!isOwnPast(one, other.lineage) && !isOwnPast(other, one.lineage));
});

test('of very many processes the oldest are forgotten, and believed', () => {
  const own = live(Array.from({ length: 500 }, (_, n) => n));
  assert.ok(Object.keys(own.history.lasts).length <= 200);
  assert.ok(isOwnPast(own, at(`1.1.${word(0)}`)));
  assert.ok(!isOwnPast(own, at(`1.499.${word(9999)}`)));
  assert.deepEqual(readHistory(JSON.stringify(own.history)), own.history);
  assert.ok(JSON.stringify(own.history).length < 8000);
  for (const text of ['', 'null', '[]', '{"lasts":3,"floor":"x"}', '{"lasts":{"__proto__":1,"zz":2}}'])
    assert.deepEqual(readHistory(text), noHistory, text);
});
