// The line shape of the localhost log, and what never gets into it.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeManualClock } from '../../src/kit/clock.ts';
import { fingerprint } from '../../src/kit/fingerprint.ts';
import { cleanLogText, formatLogLine, makeLocalhostLog } from '../../src/kit/localhost_log.ts';
import { processorTime } from '../parts/processor_time.ts';

const at = Date.parse('2018-12-11T15:50:32.275Z');
const token = `eyJraWQiOiJhIiwiYWxnIjoiUlMyNTYifQ.eyJzdWIiOiJ4In0.${'A'.repeat(60)}`;

describe('a line', () => {
  it('has the shape that support people grep for', () => {
    const transactionId = 'db83700edb01';
    const shapes = [
      ['debug', 'DEBUG: Auth All claims are sucessfully validated.', 'Auth All claims are sucessfully validated.'],
      [
        'warning',
        "WARNING *** WARNING *** Failed authorization by script include 'BearerAuth'",
        "Failed authorization by script include 'BearerAuth'",
      ],
      ['severe', 'SEVERE *** ERROR *** Token is already used.', 'Token is already used.'],
      ['plain', "HTTP authorization validated user 'oauth.admin'", "HTTP authorization validated user 'oauth.admin'"],
    ] as const;
    for (const [level, shown, text] of shapes) {
      assert.equal(
        formatLogLine(at, { level, text, transactionId }),
        `2018-12-11 15:50:32 (275) API_INT-thread-2 SYSTEM txid=db83700edb01 ${shown}`,
      );
    }
  });

  it('carries the session where there is one, and no transaction where there is none', () => {
    assert.equal(
      formatLogLine(at, { text: 'x', session: 'D383', transactionId: '000000000000' }),
      '2018-12-11 15:50:32 (275) API_INT-thread-1 D383 txid=000000000000 x',
    );
    assert.equal(formatLogLine(at, { text: 'x' }), '2018-12-11 15:50:32 (275) main SYSTEM x');
  });

  it('cannot be forged: nothing a caller sends begins a new one or moves the cursor', () => {
    const evil = ['a\nb', 'a\r\nb', 'a\u2028b', 'a\u0085b', 'a\u001b[2Jb', 'a\u0000b', 'a\u202eb'];
    for (const text of evil) {
      const line = formatLogLine(at, { text, session: text, transactionId: text });
      const isPrintable = [...line].every((character) => character >= ' ' && !['\u0085', '\u2028', '\u202e'].includes(character));
      assert.equal(isPrintable, true, JSON.stringify(text));
    }
    assert.equal(cleanLogText('a\nb\tc\u001b'), 'a\\nb\\tc\\x1b');
  });

  it('never holds a token or a Basic credential, whoever put it there', () => {
    assert.equal(cleanLogText(`token ${token}.`).includes(token.slice(0, 40)), false);
    assert.match(cleanLogText(`token ${token} end`), new RegExp(`^token ${fingerprint(token)} end$`));
    assert.equal(
      cleanLogText('Authorization: Bearer 0123456789abcdef0123'),
      `Authorization: Bearer ${fingerprint('0123456789abcdef0123')}`,
    );
    assert.equal(cleanLogText('Authorization: Basic YWRtaW46c2VjcmV0'), 'Authorization: Basic (hidden)');
  });

  it('leaves ordinary sentences alone', () => {
    for (const text of [
      "Failed authorization by script include 'BearerAuth'",
      'Basic authentication failed for user: x',
      'Bearer tokens are refused',
    ]) {
      assert.equal(cleanLogText(text), text);
    }
  });

  it('is bounded, and cleaning stays quick on hostile text', async () => {
    assert.ok(cleanLogText('x'.repeat(1_000_000)).length < 17_000);
    const hostile = ['eyJ'.repeat(200_000), 'Bearer '.repeat(100_000), 'Basic AAAAAAAA'.repeat(50_000)];
    const tookMs = await processorTime(() => hostile.map((text) => cleanLogText(text)));
    assert.ok(tookMs < 1_000, `${tookMs} ms`);
  });
});

describe('the log', () => {
  const inFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
    const dir = await mkdtemp(join(tmpdir(), 'causeway-log-'));
    try {
      await work(dir);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  };

  it('goes to the file, its copy and the echo, in order', () =>
    inFolder(async (dir) => {
      const [echoed, copied]: [string[], Buffer[]] = [[], []];
      const tellers = { echo: (line: string) => void echoed.push(line), copyTo: (lines: Buffer) => void copied.push(lines) };
      const log = makeLocalhostLog({ clock: makeManualClock(at), dir, ...tellers });
      const say = log.of('db83700edb01');
      say.plain('one');
      say.debug('two');
      log.write({ text: 'three', level: 'severe' });
      await log.flush();
      const text = await readFile(join(dir, 'localhost_log.txt'), 'utf8');
      assert.equal(text, echoed.join(''));
      assert.equal(text, String(Buffer.concat(copied)));
      assert.deepEqual(text.match(/one|two|three/g), ['one', 'two', 'three']);
      await log.close();
    }));

  it('reaches the file by itself after a few milliseconds, and at once when it closes', () =>
    inFolder(async (dir) => {
      const clock = makeManualClock(at);
      const log = makeLocalhostLog({ clock, dir });
      log.write({ text: 'first' });
      clock.advance(20);
      await log.flush();
      log.write({ text: 'second' });
      await log.close();
      log.write({ text: 'too late' });
      assert.deepEqual((await readFile(join(dir, 'localhost_log.txt'), 'utf8')).match(/first|second|too late/g), [
        'first',
        'second',
      ]);
    }));

  it('is set aside by size and by day, and only so many old files are kept', () =>
    inFolder(async (dir) => {
      const clock = makeManualClock(at);
      const log = makeLocalhostLog({ clock, dir, limitBytes: 100, keep: 2 });
      for (let line = 0; line < 6; line += 1) {
        log.write({ text: `line ${line} ${'x'.repeat(100)}` });
        await log.flush();
      }
      assert.deepEqual((await readdir(dir)).sort(), [
        'localhost_log.2018-12-11.4.txt',
        'localhost_log.2018-12-11.5.txt',
        'localhost_log.txt',
      ]);
      clock.advance(86_400_000);
      log.write({ text: 'tomorrow' });
      await log.close();
      const files = await readdir(dir);
      assert.equal(files.length, 3);
      assert.match(await readFile(join(dir, 'localhost_log.txt'), 'utf8'), /^2018-12-12 .* tomorrow\n$/);
    }));

  it('goes on where an earlier run stopped', () =>
    inFolder(async (dir) => {
      for (const text of ['before', 'after']) {
        const log = makeLocalhostLog({ clock: makeManualClock(Date.now()), dir });
        log.write({ text });
        await log.close();
      }
      assert.deepEqual((await readFile(join(dir, 'localhost_log.txt'), 'utf8')).match(/before|after/g), ['before', 'after']);
    }));

  it('does not fall over when the folder cannot be written', async () => {
    const log = makeLocalhostLog({ clock: makeManualClock(at), dir: '/dev/null/logs' });
    log.write({ text: 'x' });
    await log.flush();
    await log.close();
  });
});
