// Names for secrets, and comparing them.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { equalSecrets, fingerprint, sha256Hex } from '../../src/kit/fingerprint.ts';

it('a fingerprint is the beginning of the SHA-256', () => {
  assert.equal(sha256Hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  assert.equal(fingerprint('abc'), 'ba7816bf8f01');
});

it('secrets are equal when they are the same text, whatever their lengths', () => {
  assert.equal(equalSecrets('', ''), true);
  assert.equal(equalSecrets('abc', 'abc'), true);
  for (const other of ['', 'ab', 'abd', 'abcd', 'ABC']) assert.equal(equalSecrets('abc', other), false, other);
});
