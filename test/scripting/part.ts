// Runs scripts against a real record layer, with what instance.ts gives a script host. For the tests of this folder.
import assert from 'node:assert/strict';
import { systemClock } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';
import type { Caller } from '../../src/records/caller.ts';
import { makeAggregates } from '../../src/scripting/figures.ts';
import { makeRecordHost } from '../../src/scripting/record_host.ts';
import { makeScriptRunner, type RunnerParts } from '../../src/scripting/runner.ts';
import type { Json, Outcome, ScriptHost, ScriptRequest } from '../../src/scripting/script.ts';
import { makeScriptIncludes, scriptIncludesRule, scriptIncludesTopic } from '../../src/scripting/script_includes.ts';
import { makeScriptProperties } from '../../src/scripting/script_properties.ts';
import type { Engine } from '../parts/engines.ts';
import { callerWith, openOn } from '../records/part.ts';

/** A host without records: `answers` by name of the call. For what is about the sandbox alone. */
export const bareHost = (answers: Readonly<Record<string, (input: Json) => Promise<Json>>> = {}): ScriptHost => ({
  environment: async () => ({
    nowMs: Date.parse('2026-11-21T10:00:00Z'),
    timeZone: 'UTC',
    user: { sysId: 'u1', name: 'abel.tuter', displayName: 'Abel Tuter', roles: ['itil'] },
    includes: [],
  }),
  async call(name, input, meter) {
    meter.query();
    return (await answers[name]?.(input)) ?? null;
  },
});

export const openRunner = (parts: Partial<RunnerParts> = {}) => {
  const runner = makeScriptRunner({ clock: systemClock, ...parts });
  const run = (source: string, more: Partial<ScriptRequest> = {}): Promise<Outcome> =>
    runner.run({ source, file: 'test.script', host: bareHost(), ...more });
  return { runner, run };
};

/** The value of a script that must not fail. */
export const madeBy = ({ fault, thrown, value }: Outcome): unknown => {
  assert.equal(fault, undefined, `${fault?.code}: ${fault?.message} ${thrown?.stack ?? ''}`);
  return value;
};

export const openWorld = async (engine: Engine, parts: Partial<RunnerParts> = {}) => {
  const opened = await openOn(engine, { rules: [scriptIncludesRule] });
  const { records, store, clock } = opened;
  const { runner } = openRunner(parts);
  const hostFor = makeRecordHost({
    records,
    rights: opened.rights,
    aggregates: makeAggregates({ records }),
    includes: makeScriptIncludes({ records, version: () => store.topic(scriptIncludesTopic) }),
    property: makeScriptProperties({ records, store }),
    clock,
    ids: makeIds(clock),
  });
  const as =
    (caller: Caller) =>
    (source: string, more: Partial<ScriptRequest> = {}): Promise<Outcome> =>
      runner.run({ source, file: 'test.script', host: hostFor(caller), ...more });
  return {
    ...opened,
    runner,
    hostFor,
    as,
    admin: as(callerWith(['admin'], { userName: 'admin', timeZone: 'Europe/Berlin' })),
    async close() {
      await runner.close();
      await opened.close();
    },
  };
};
