// What counts as a script's time and what does not, with a clock that a test turns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeManualClock } from '../../src/kit/clock.ts';
import { defaultLimits } from '../../src/scripting/limits.ts';
import { readObjects } from '../../src/scripting/objects.ts';
import { openLink } from '../../src/scripting/worker_link.ts';
import { bareHost } from './part.ts';

const limits = { ...defaultLimits, cpuMs: 100, wallMs: 60_000 };

const stepOf = async (source: string) => ({
  source,
  file: 'test.script',
  stage: 'plain' as const,
  environmentJson: JSON.stringify(await bareHost().environment(source)),
  globalsJson: '{}',
  readJson: '[]',
  limits,
  keep: false,
});

const noCalls = async () => ({ end: true }) as const;

test('the start of a worker is no time of the script, however long it takes', async () => {
  const clock = makeManualClock(0);
  const step = await stepOf('6 * 7');
  const link = openLink({ clock, objects: readObjects(), memoryBytes: limits.memoryBytes });
  try {
    // Asked in the turn in which the worker was made: it cannot have started.
    const report = link.perform(step, noCalls);
    clock.advance(50_000);
    const { ending, resultJson } = await report;
    assert.deepEqual([ending, JSON.parse(resultJson).value], ['finished', 42]);
  } finally {
    await link.close();
  }
});

test('a script that never looks up is ended from outside, when its time is over twice', async () => {
  const clock = makeManualClock(0);
  const link = openLink({ clock, objects: readObjects(), memoryBytes: limits.memoryBytes });
  try {
    assert.equal((await link.perform(await stepOf('1'), noCalls)).ending, 'finished');
    const report = link.perform(await stepOf('Array(1e9).join("x")'), noCalls);
    clock.advance(limits.cpuMs * 2 + 500);
    clock.advance(250);
    assert.equal((await report).ending, 'cpu_exceeded');
    assert.equal(link.isAlive(), false);
  } finally {
    await link.close();
  }
});
