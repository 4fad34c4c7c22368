import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeManualClock } from '../../src/kit/clock.ts';
import { gatherText } from '../../src/kit/gather_text.ts';

const setUp = () => {
  const clock = makeManualClock(0);
  const handed: string[] = [];
  return {
    clock,
    handed,
    gathered: gatherText({ clock, handOn: (piece) => void handed.push(String(piece)), withinMs: 10, limit: 20 }),
  };
};

describe('texts that are gathered', () => {
  it('are handed on together, in order, when their time is over', () => {
    const { clock, handed, gathered } = setUp();
    gathered.add('one ');
    clock.advance(6);
    gathered.add('two ');
    clock.advance(3);
    assert.deepEqual(handed, []);
    clock.advance(1);
    assert.deepEqual(handed, ['one two ']);
    gathered.add('three');
    clock.advance(10);
    assert.deepEqual(handed, ['one two ', 'three']);
  });

  it('are handed on at once when they are many', () => {
    const { clock, handed, gathered } = setUp();
    gathered.add('nineteen characters');
    assert.deepEqual(handed, []);
    gathered.add('…');
    assert.deepEqual(handed, ['nineteen characters…']);
    clock.advance(10);
    assert.equal(handed.length, 1);
  });

  it('are handed on at once by a flush, and not again', () => {
    const { clock, handed, gathered } = setUp();
    gathered.add('last words');
    gathered.flush();
    assert.deepEqual(handed, ['last words']);
    gathered.flush();
    clock.advance(100);
    assert.deepEqual(handed, ['last words']);
  });
});
