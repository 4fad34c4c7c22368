// The parts that need no instance: addresses, challenges, scopes, tickets, counters, priorities, networks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeManualClock } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';
import { priorityOf } from '../../src/oauth/api_policies.ts';
import { rowCovers } from '../../src/oauth/api_scopes.ts';
import { makeAttempts } from '../../src/oauth/attempts.ts';
import { isWithin } from '../../src/oauth/networks.ts';
import { OAuthRefusal } from '../../src/oauth/oauth_refusal.ts';
import { escapeHtml } from '../../src/oauth/pages/frame.ts';
import { readParameters } from '../../src/oauth/parameters.ts';
import { challengeOf, verifierFits } from '../../src/oauth/pkce.ts';
import { oauthFallbacks } from '../../src/oauth/properties.ts';
import { faultOfRedirectUri, redirectUriMatches, withAnswer } from '../../src/oauth/redirect_uri.ts';
import { grantScope, narrowScope } from '../../src/oauth/scope.ts';
import { browserCookie } from '../../src/oauth/sign_in_cookie.ts';
import { makeTickets } from '../../src/oauth/tickets.ts';
import { makeTokenText } from '../../src/oauth/token_text.ts';
import { propertyRows } from '../../src/records/tables/sys_properties_rows.ts';

test('redirect addresses match character by character, but for the port of loopback', () => {
  const cases: [registered: string, sent: string, fits: boolean][] = [
    ['https://a.example/x', 'https://a.example/x', true],
    ['https://a.example/x', 'https://a.example/X', false],
    ['https://a.example/x', 'https://a.example/x/', false],
    ['https://a.example/x', 'https://a.example:443/x', false],
    ['https://a.example/x', 'https://A.example/x', false],
    ['http://127.0.0.1/x', 'http://127.0.0.1:50000/x', true],
    ['http://127.0.0.1:1/x', 'http://127.0.0.1:2/x', true],
    ['http://[::1]/x', 'http://[::1]:50000/x', true],
    ['http://127.0.0.1/x', 'http://127.0.0.1:50000/y', false],
    ['http://127.0.0.1/x', 'http://localhost/x', false],
    ['http://127.0.0.1/x', 'http://127.0.0.1:50000@evil.example/x', false],
    ['http://127.0.0.1/x', 'http://127.0.0.1.evil.example/x', false],
    ['http://127.0.0.1/x', 'https://127.0.0.1:50000/x', false],
    ['com.example.app:/back', 'com.example.app:/back', true],
    ['/sdk-oauth.do', '/sdk-oauth.do', true],
    ['/sdk-oauth.do', '//sdk-oauth.do', false],
    ['https://a.example/x', '', false],
  ];
  for (const [registered, sent, fits] of cases)
    assert.equal(redirectUriMatches([registered], sent), fits, `${registered} ${sent}`);
});

test('addresses that could do harm are not registered', () => {
  for (const uri of [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//evil.example',
    '/other.do',
    'https://a.example/\\evil',
    'https://ä.example/',
    'https://a.example/ b',
  ]) {
    assert.notEqual(faultOfRedirectUri(uri), undefined, uri);
  }
});

test('whatever the state is, the answer goes to the registered address', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (state) => {
      const url = new URL(withAnswer('https://a.example/back?keep=1', { code: 'c', state }));
      assert.equal(`${url.origin}${url.pathname}`, 'https://a.example/back');
      assert.equal(url.searchParams.get('keep'), '1');
      assert.equal(url.searchParams.get('state'), state.toWellFormed());
    }),
  );
});

test('only the verifier that made a challenge fits it', () => {
  const verifier = 'v'.repeat(43);
  assert.ok(verifierFits(verifier, challengeOf(verifier)));
  for (const other of ['v'.repeat(44), 'v'.repeat(42), '', `${verifier} `, challengeOf(verifier)])
    assert.ok(!verifierFits(other, challengeOf(verifier)), other);
});

test('parameters are read once each, or refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        for (const [name, value] of readParameters(text)) assert.ok(name.length <= 100 && value !== '' && !value.includes('\0'));
      } catch (error) {
        assert.ok(error instanceof OAuthRefusal);
      }
    }),
  );
  assert.throws(() => readParameters('a=1&a=1'), OAuthRefusal);
  assert.equal(readParameters('__proto__=x').get('__proto__'), 'x');
});

test('scopes are granted as registered, and never more', () => {
  assert.deepEqual(grantScope(undefined, []), { text: 'useraccount', isNarrowed: false });
  assert.deepEqual(grantScope('b a', ['a', 'b', 'c']), { text: 'b a', isNarrowed: true });
  for (const asked of ['d', 'a d', 'A', 'a,b', '"']) assert.throws(() => grantScope(asked, ['a', 'b']), OAuthRefusal, asked);
  assert.throws(() => narrowScope('a b', { text: 'a', isNarrowed: true }), OAuthRefusal);
  assert.deepEqual(narrowScope('a', { text: 'a b', isNarrowed: false }), { text: 'a', isNarrowed: true });
});

test('a ticket is good in its browser, at its stage, for ten minutes, and as it was made', () => {
  const clock = makeManualClock(1_000_000);
  const tickets = makeTickets({ key: Buffer.alloc(32, 1), clock });
  const asked = {
    clientId: 'c',
    redirectUri: 'https://a.example/',
    wasRedirectSent: true,
    scope: 's',
    isScopeNarrowed: false,
    state: '',
    challenge: '',
  };
  const text = tickets.seal({ stage: 'sign_in', asked }, 'browser');
  assert.deepEqual(tickets.open(text, 'sign_in', 'browser')?.asked, asked);
  assert.equal(tickets.open(text, 'consent', 'browser'), undefined);
  assert.equal(tickets.open(text, 'sign_in', 'another'), undefined);
  assert.equal(tickets.open(text, 'sign_in', ''), undefined);
  assert.equal(makeTickets({ key: Buffer.alloc(32, 2), clock }).open(text, 'sign_in', 'browser'), undefined);
  fc.assert(fc.property(fc.string(), (junk) => tickets.open(junk, 'sign_in', 'browser') === undefined));
  clock.advance(600_000);
  assert.equal(tickets.open(text, 'sign_in', 'browser'), undefined);
});

test('the cookie of a sign-in is Secure behind https and read under the name that other hosts cannot plant', () => {
  const made = browserCookie.make(makeIds(makeManualClock(0)), true);
  assert.match(made.header, /^__Host-causeway_sign_in=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  assert.equal(browserCookie.read(made.header.split(';')[0], true), made.secret);
  assert.equal(browserCookie.read(`causeway_sign_in=${made.secret}`, true), '');
});

test('failures are counted by key, for a while, in bounded memory', () => {
  const clock = makeManualClock(0);
  const attempts = makeAttempts({ clock, limit: 2, windowMs: 10_000 });
  attempts.failed('a');
  assert.equal(attempts.waitSeconds('a'), 0);
  attempts.failed('a');
  assert.equal(attempts.waitSeconds('a'), 10);
  assert.equal(attempts.waitSeconds('b'), 0);
  clock.advance(10_000);
  assert.equal(attempts.waitSeconds('a'), 0);
  attempts.failed('a');
  attempts.failed('a');
  attempts.succeeded('a');
  assert.equal(attempts.waitSeconds('a'), 0);
  for (let n = 0; n < 20_000; n += 1) attempts.failed(`key ${n}`);
  assert.equal(attempts.waitSeconds('key 0'), 0);
});

test('token strings are those of the original in length, and one nonce gives one string', () => {
  const text = makeTokenText(Buffer.alloc(32, 3));
  assert.match(text.derive('access', 'n'), /^[\w-]{86}$/);
  assert.equal(text.derive('access', 'n'), text.derive('access', 'n'));
  assert.notEqual(text.derive('access', 'n'), text.derive('refresh', 'n'));
  assert.notEqual(text.derive('access', 'n'), makeTokenText(Buffer.alloc(32, 4)).derive('access', 'n'));
});

test('policies rank as the original ranks them, a global one always last', () => {
  const row = (method: boolean, resource: boolean, version: boolean, global = false) => ({
    apply_all_methods: String(!method),
    apply_all_resources: String(!resource),
    apply_all_versions: String(!version),
    global: String(global),
  });
  const order = [
    row(true, true, true),
    row(true, true, false),
    row(false, true, true),
    row(false, true, false),
    row(true, false, true),
    row(true, false, false),
    row(false, false, true),
    row(false, false, false),
    row(true, false, false, true),
    row(false, false, false, true),
  ];
  assert.deepEqual(order.map(priorityOf), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a row covers a call by path, and by method, version and resource where its flags are off', () => {
  const call = {
    api: 'now/table',
    pattern: 'now/table/{table}',
    version: 'v2',
    method: 'GET',
    path: '',
    table: 'incident',
    remoteAddress: '',
    transactionId: '',
  };
  const all = { api_path: '/now/table', apply_all_methods: 'true', apply_all_versions: 'true', apply_all_resources: 'true' };
  assert.ok(rowCovers(all, call));
  assert.ok(rowCovers({ ...all, apply_all_resources: 'false', resource: '/now/table/{tableName}' }, call));
  assert.ok(!rowCovers({ ...all, api_path: 'now/stats' }, call));
  assert.ok(!rowCovers({ ...all, apply_all_methods: 'false', http_method: 'POST' }, call));
  assert.ok(!rowCovers({ ...all, apply_all_versions: 'false', version: 'v1' }, call));
});

test('a list of networks holds what it says, and nobody when it cannot be read', () => {
  assert.ok(isWithin('10.0.0.0/8, 192.0.2.7', '10.1.2.3'));
  assert.ok(isWithin('10.0.0.0/8', '::ffff:10.1.2.3'));
  assert.ok(isWithin('2001:db8::/32', '2001:db8::1'));
  for (const [list, address] of [
    ['10.0.0.0/8', '11.0.0.1'],
    ['', '10.0.0.1'],
    ['10.0.0.0/8, nonsense', '10.0.0.1'],
    ['10.0.0.0/99', '10.0.0.1'],
    ['0.0.0.0/0', 'nonsense'],
  ]) {
    assert.ok(!isWithin(list ?? '', address ?? ''), `${list} ${address}`);
  }
});

test('nothing that a client is called gets into a page as markup', () => {
  fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))));
});

test('fallbacks of properties are what a new instance has in its rows', () => {
  assert.ok(oauthFallbacks.size > 10);
  // As in the original, this one is not there until an administrator makes it.
  const absent = 'glide.oauth.inbound.client.credential.grant_type.enabled';
  for (const [name, value] of oauthFallbacks)
    assert.equal(propertyRows.find((row) => row.name === name)?.value, name === absent ? undefined : value, name);
});
