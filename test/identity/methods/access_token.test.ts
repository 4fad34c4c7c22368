// Which bearer strings are looked for among the instance's own tokens, and which cannot be one of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeAccessToken } from '../../../src/identity/methods/access_token.ts';
import { makeManualClock } from '../../../src/kit/clock.ts';

const unasked = (): never => assert.fail('nobody was found to ask about');
const users = { bySysId: unasked, byUserName: unasked, byField: unasked, callerOf: unasked };
const properties = { flag: unasked, number: unasked };

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

for (const [what, token, isLookedFor] of [
  ['an opaque token', 'opaque', true],
  ['a JWT-format token of our own', `${part({ alg: 'RS256', typ: 'at+jwt' })}.${part({})}.c2ln`, true],
  ['an ID token', `${part({ alg: 'RS256', typ: 'JWT' })}.${part({})}.c2ln`, false],
  ['a JWT without a type', `${part({ alg: 'RS256' })}.${part({})}.c2ln`, false],
  ['a header that is no JSON', `${part('{')}.${part({})}.c2ln`, false],
  ['a header that is no object', `${part('null')}.${part({})}.c2ln`, false],
  ['an empty header', '..', false],
] as const) {
  test(`${what} is ${isLookedFor ? '' : 'not '}looked for`, async () => {
    let finds = 0;
    const accessTokens = {
      async find() {
        finds += 1;
        return undefined;
      },
    };
    const method = makeAccessToken({ accessTokens, isForeign: () => false, clock: makeManualClock(0), users, properties });
    const knock = {
      method: 'GET',
      path: '/',
      headers: { authorization: `Bearer ${token}` },
      remoteAddress: '::1',
      transactionId: '0',
    };
    assert.equal(await method.identify(knock), undefined);
    assert.equal(finds, isLookedFor ? 1 : 0);
  });
}
