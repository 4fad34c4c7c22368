// Where the instance goes on its own, and where it never does.
import assert from 'node:assert/strict';
import type { lookup } from 'node:dns';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeAddressRules } from '../../src/kit/addresses.ts';
import { makeManualClock } from '../../src/kit/clock.ts';
import { isFault } from '../../src/kit/fault.ts';
import { makeOutbound } from '../../src/kit/outbound.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const refusedBy = (code: string) => (error: unknown) => isFault(error, code);
const resolveTo = (...addresses: string[]) =>
  ((_host: string, _options: unknown, answer: (error: null, found: object[]) => void) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup;

describe('addresses', () => {
  const rules = makeAddressRules();

  it('that are never called, in every spelling', () => {
    const closed = [
      '169.254.169.254',
      '169.254.0.1',
      '0.0.0.0',
      '0.1.2.3',
      '224.0.0.1',
      '255.255.255.255',
      '100.100.100.200',
      '168.63.129.16',
      '192.0.0.192',
      '::',
      'fe80::1',
      'fe80::1%eth0',
      'febf::1',
      'ff02::1',
      'fd00:ec2::254',
      'fd20:ce::254',
      '::ffff:169.254.169.254',
      '::ffff:a9fe:a9fe',
      '0:0:0:0:0:ffff:a9fe:a9fe',
      '::169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      '2002:a9fe:a9fe::',
      '::ffff:0:a9fe:a9fe',
      '2001::1',
      'not an address',
      '',
    ];
    for (const address of closed) assert.equal(rules.isForbidden(address), true, address);
  });

  it('that may be called', () => {
    for (const address of [
      '127.0.0.1',
      '::1',
      '10.0.0.1',
      '192.168.1.1',
      '8.8.8.8',
      '2606:4700::1111',
      'fd12:3456::1',
      '::ffff:8.8.8.8',
    ]) {
      assert.equal(rules.isForbidden(address), false, address);
    }
  });

  it('that are this machine', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      assert.equal(rules.isLoopback(address), true, address);
    for (const address of ['128.0.0.1', '::2', '10.0.0.1', '::ffff:10.0.0.1', 'localhost'])
      assert.equal(rules.isLoopback(address), false, address);
  });
});

describe('a call out', () => {
  let handler: Handler = (_request, response) => void response.end();
  const server = createServer((request, response) => handler(request, response));
  let origin = '';
  const clock = makeManualClock(0);
  const outbound = makeOutbound({ clock });
  before(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await outbound.close();
    server.closeAllConnections();
    server.close();
  });

  it('brings JSON', async () => {
    handler = (request, response) => {
      assert.equal(request.headers.accept, 'application/json');
      response.end('{"a":1}');
    };
    assert.deepEqual(await outbound.getJson(`${origin}/x`), { a: 1 });
  });

  it('is never made to what is closed, whatever the spelling', async () => {
    const closed = [
      'http://example.com/',
      'ftp://example.com/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:,x',
      'nonsense',
      '',
      'https://user:secret@example.com/',
      'https://user@example.com/',
      'https://169.254.169.254/latest/meta-data',
      'https://2852039166/',
      'https://0xa9fea9fe/',
      'https://0251.0376.0251.0376/',
      'https://[fe80::1]/',
      'https://[::ffff:169.254.169.254]/',
      'https://[fd00:ec2::254]/',
      'https://0.0.0.0/',
      'http://0.0.0.0/',
      'http://10.0.0.1/',
      'http://[::]/',
      'http://169.254.169.254/',
      'http://localhost.example.com/',
      'http://127.0.0.1.example.com/',
      'https://224.0.0.1/',
      'https://[::ffff:0:a9fe:a9fe]/',
    ];
    for (const url of closed) {
      assert.throws(() => outbound.permit(url), refusedBy('kit.outbound_refused'), url);
      await assert.rejects(outbound.send({ url }), refusedBy('kit.outbound_refused'), url);
    }
  });

  it('accepts https anywhere else, and http to this machine in every spelling', () => {
    for (const url of [
      'https://login.example.com/x?appid=1',
      'https://10.0.0.1/',
      'http://localhost:1/',
      'http://127.0.0.1:1/',
      'http://2130706433/',
      'http://[::1]:1/',
      'http://a.localhost/',
    ]) {
      assert.equal(outbound.permit(url) instanceof URL, true, url);
    }
  });

  it('judges the address that the name leads to at the moment of connecting', async () => {
    for (const address of ['169.254.169.254', '::ffff:a9fe:a9fe', '0.0.0.0', 'fe80::1']) {
      const misled = makeOutbound({ clock, resolve: resolveTo('93.184.216.34', address) });
      await assert.rejects(misled.send({ url: 'https://innocent.example.com/' }), refusedBy('kit.outbound_refused'), address);
      await misled.close();
    }
  });

  it('over http demands that "localhost" is really this machine', async () => {
    const misled = makeOutbound({ clock, resolve: resolveTo('10.1.2.3') });
    await assert.rejects(misled.send({ url: 'http://localhost:1/' }), refusedBy('kit.outbound_refused'));
    await misled.close();
    const right = makeOutbound({ clock, resolve: resolveTo('127.0.0.1') });
    handler = (_request, response) => void response.end('here');
    assert.equal((await right.send({ url: origin.replace('127.0.0.1', 'localhost') })).body.toString(), 'here');
    await right.close();
  });

  it('follows a few redirects within its origin, and none away from it', async () => {
    handler = (request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else if (request.url === '/b') response.end('"arrived"');
      else if (request.url === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else if (request.url === '/meta') response.writeHead(302, { location: 'https://169.254.169.254/' }).end();
      else response.writeHead(307, { location: 'https://example.com/' }).end();
    };
    assert.equal(await outbound.getJson(`${origin}/a`), 'arrived');
    await assert.rejects(outbound.getJson(`${origin}/loop`), refusedBy('kit.outbound_redirected'));
    await assert.rejects(outbound.getJson(`${origin}/meta`), refusedBy('kit.outbound_refused'));
    await assert.rejects(outbound.getJson(`${origin}/away`), refusedBy('kit.outbound_redirected'));
  });

  it('does not follow a redirect of anything but GET', async () => {
    handler = (_request, response) => void response.writeHead(307, { location: '/b' }).end();
    assert.equal((await outbound.send({ url: origin, method: 'POST', body: 'x' })).status, 307);
  });

  it('ends when time is up, even while bytes still drip', async () => {
    const dripped = new Promise<void>((resolve) => {
      handler = (_request, response) => {
        response.write('{');
        resolve();
      };
    });
    const call = outbound.getJson(origin);
    await dripped;
    clock.advance(5_000);
    await assert.rejects(call, refusedBy('kit.outbound_timeout'));
  });

  it('takes no more than its limit: announced, streamed or packed', async () => {
    const large = Buffer.alloc(1_100_000, 32);
    const bodies: Handler[] = [
      (_request, response) => void response.writeHead(200, { 'content-length': large.length }).end(large),
      (_request, response) => {
        response.write(large.subarray(0, 900_000));
        response.end(large.subarray(0, 900_000));
      },
      (_request, response) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000))),
    ];
    for (const body of bodies) {
      handler = body;
      await assert.rejects(outbound.getJson(origin), refusedBy('kit.outbound_too_large'));
    }
  });

  it('reads a small packed body all the same', async () => {
    handler = (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":1}'));
    assert.deepEqual(await outbound.getJson(origin), { a: 1 });
  });

  it('says what went wrong without showing a query', async () => {
    handler = (_request, response) => void response.writeHead(500).end();
    await assert.rejects(
      outbound.getJson(`${origin}/x?key=private`),
      (error: Error) => isFault(error, 'kit.outbound_status') && !error.message.includes('private'),
    );
    handler = (_request, response) => void response.end('<html>');
    await assert.rejects(outbound.getJson(origin), refusedBy('kit.outbound_not_json'));
    handler = (_request, response) => void response.destroy();
    await assert.rejects(outbound.getJson(origin), refusedBy('kit.outbound_unreachable'));
    await assert.rejects(outbound.getJson('http://127.0.0.1:1/'), refusedBy('kit.outbound_unreachable'));
  });
});
