// Small texts handed on together.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onceATurn } from '../../src/kit/once_a_turn.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('texts of one turn', () => {
  it('go on together and in order when it is over, and no text goes twice', async () => {
    const handed: string[] = [];
    const add = onceATurn((text) => void handed.push(text));
    add('a\n');
    add('b\n');
    assert.deepEqual(handed, []);
    await turn();
    assert.deepEqual(handed, ['a\nb\n']);
    add('c\n');
    await turn();
    await turn();
    assert.deepEqual(handed, ['a\nb\n', 'c\n']);
  });
});
