// Runs scripts against a real record layer, with what instance.ts gives a script host. For the tests of this folder.
import assert from 'node:assert/strict';
import { systemClock } from '../../src/kit/clock.ts';
import { makeIds } from '../../src/kit/ids.ts';
import type { Caller } from '../../src/records/caller.ts';
import { makeRightsCache } from '../../src/records/load_rights.ts';
import type { AggregateGroup, Aggregates } from '../../src/scripting/host/host_parts.ts';
import { makeRecordHost } from '../../src/scripting/record_host.ts';
import { makeScriptRunner, type RunnerParts } from '../../src/scripting/runner.ts';
import type { Json, Outcome, ScriptHost, ScriptRequest } from '../../src/scripting/script.ts';
import { makeScriptIncludes, scriptIncludesRule, scriptIncludesTopic } from '../../src/scripting/script_includes.ts';
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

/** Counts with the record layer's own lists: enough to see that a script's request arrives and its answer is read. */
const countingAggregates = (records: Awaited<ReturnType<typeof openOn>>['records']): Aggregates => ({
  async aggregate(caller, { table, query, groups }): Promise<AggregateGroup[]> {
    const { columns, rows } = await records.list(caller, { table, query, limit: 10_000, onInvalidTerm: 'match_nothing' });
    const counts = new Map<string, number>();
    const at = columns.find(({ key }) => key === groups[0])?.valueAt ?? -1;
    for (const row of rows) counts.set(String(row[at] ?? ''), (counts.get(String(row[at] ?? '')) ?? 0) + 1);
    return [...counts].map(([value, count]) => ({
      groups: groups[0] === undefined ? {} : { [groups[0]]: { value, display: value } },
      aggregates: { 'COUNT:': String(count) },
    }));
  },
});

export const openWorld = async (engine: Engine, parts: Partial<RunnerParts> = {}) => {
  const opened = await openOn(engine, { rules: [scriptIncludesRule] });
  const { records, properties, store, clock } = opened;
  const rights = makeRightsCache({ store });
  const { runner } = openRunner(parts);
  const hostFor = makeRecordHost({
    records,
    rights: async () => rights.current(),
    aggregates: countingAggregates(records),
    includes: makeScriptIncludes({ records, version: () => store.topic(scriptIncludesTopic) }),
    property: properties.get,
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
