// Where links lead: the setting, a trusted proxy, or where we listen. Never where a stranger says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBaseAddress } from '../../src/http/base_address.ts';

const listening = () => 'http://127.0.0.1:8080';
const forwarded = { host: 'inner:8080', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'causeway.example.com' };

test('the setting wins over everything', () => {
  const base = makeBaseAddress({ baseUrl: 'https://set.example', trustedProxies: ['loopback'], listening });
  assert.equal(base.of({ remoteAddress: '127.0.0.1', headers: forwarded }), 'https://set.example');
});

test('a stranger is not believed, neither its Host nor its forwarded headers', () => {
  const base = makeBaseAddress({ baseUrl: '', trustedProxies: ['10.0.0.0/8'], listening });
  assert.equal(base.of({ remoteAddress: '192.0.2.1', headers: forwarded }), 'http://127.0.0.1:8080');
});

test('a trusted proxy is believed, also when its address is written as IPv6', () => {
  const base = makeBaseAddress({ baseUrl: '', trustedProxies: ['10.0.0.0/8', 'loopback'], listening });
  for (const remoteAddress of ['10.1.2.3', '::ffff:10.1.2.3', '127.0.0.1', '::1']) {
    assert.equal(base.of({ remoteAddress, headers: forwarded }), 'https://causeway.example.com');
  }
});

for (const host of ['a b', 'x/y', 'x"y', 'x@y', '', 'x:y', 'x\r\nSet-Cookie: a']) {
  test(`a forwarded host ${JSON.stringify(host)} is no host`, () => {
    const base = makeBaseAddress({ baseUrl: '', trustedProxies: ['loopback'], listening });
    assert.equal(base.of({ remoteAddress: '127.0.0.1', headers: { 'x-forwarded-host': host } }), 'http://127.0.0.1:8080');
  });
}
