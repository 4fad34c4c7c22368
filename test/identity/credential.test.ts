// One header, one credential, or none.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCredential } from '../../src/identity/credential.ts';

const kindOf = (authorization: string | string[] | undefined): string => readCredential({ headers: { authorization } }).kind;

describe('an Authorization header', () => {
  it('is a credential in any case of the scheme and with any white space around', () => {
    for (const text of ['Bearer abc', 'bearer abc', 'BEARER abc', '  Bearer   abc  ', 'Bearer\tabc', 'bEaReR abc']) {
      assert.deepEqual(
        readCredential({ headers: { authorization: text } }),
        { kind: 'bearer', value: 'abc' },
        JSON.stringify(text),
      );
    }
    assert.deepEqual(readCredential({ headers: { authorization: 'basic YTpi' } }), { kind: 'basic', value: 'YTpi' });
  });

  it('is none when it is absent or blank', () => {
    for (const text of [undefined, '', '   ', '\t']) assert.equal(kindOf(text), 'none', JSON.stringify(text));
  });

  it('is garbled when it holds no credential, or more than one', () => {
    const bad = [
      'Bearer',
      'Bearer ',
      'Basic',
      'Bearer a b',
      'Bearer a,Bearer b',
      'Bearer a, Basic b',
      'Bearer "a"',
      'Bearer a=b=c',
      'Bearer é',
      'eyJhbGciOiJub25lIn0.e30.',
      'secret',
    ];
    for (const text of bad) assert.equal(kindOf(text), 'garbled', text);
    assert.equal(kindOf(['Bearer a', 'Bearer a']), 'garbled');
    assert.equal(kindOf([]), 'garbled');
  });

  it('of another scheme is named only when the scheme is one that exists', () => {
    assert.deepEqual(readCredential({ headers: { authorization: 'Digest username="a"' } }), { kind: 'other', scheme: 'digest' });
    assert.deepEqual(readCredential({ headers: { authorization: 'my-secret other' } }), { kind: 'other', scheme: 'unknown' });
  });
});
