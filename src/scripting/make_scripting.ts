// Puts scripting together: the runner with the instance's limits, the host that gives scripts their records, scripted REST APIs.
// Must not decide anything: it only wires.
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { Caller } from '../records/caller.ts';
import type { Properties } from '../records/properties.ts';
import type { Records, Rule } from '../records/records.ts';
import type { Rights } from '../records/rights.ts';
import type { Store } from '../store/store.ts';
import type { Endpoints } from './endpoints/endpoint.ts';
import { type EndpointRights, makeEndpointRights } from './endpoints/endpoint_rights.ts';
import { makeEndpoints } from './endpoints/load_endpoints.ts';
import { makeEndpointRules } from './endpoints/rules/index.ts';
import { makeAggregates } from './figures.ts';
import { readLiveLimits, readPoolSettings } from './limit_properties.ts';
import { makeRecordHost } from './record_host.ts';
import { makeScriptRunner, type ScriptRunner } from './runner.ts';
import type { ScriptHost } from './script.ts';
import { makeScriptIncludes, scriptIncludesRule, scriptIncludesTopic } from './script_includes.ts';
import { makeScriptProperties } from './script_properties.ts';

export interface ScriptingRoom {
  readonly runner: ScriptRunner;
  /** The host of one run, with the rights of that caller. */
  readonly hostFor: (caller: Caller) => ScriptHost;
  readonly endpoints: Endpoints;
  readonly endpointRights: EndpointRights;
  readonly rules: readonly Rule[];
  close(): Promise<void>;
}

export interface ScriptingParts {
  readonly records: Records;
  readonly store: Pick<Store, 'topic'>;
  readonly properties: Properties;
  readonly rights: () => Promise<Rights>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Namespaces that customers' APIs cannot have. */
  readonly reservedNamespaces: readonly string[];
}

export const makeScripting = async (parts: ScriptingParts): Promise<ScriptingRoom> => {
  const { records, store, properties, rights, clock, ids } = parts;
  const runner = makeScriptRunner({
    clock,
    ...(await readPoolSettings(properties)),
    liveLimits: () => readLiveLimits(properties),
  });
  return {
    runner,
    hostFor: makeRecordHost({
      records,
      rights,
      aggregates: makeAggregates({ records }),
      includes: makeScriptIncludes({ records, version: () => store.topic(scriptIncludesTopic) }),
      property: makeScriptProperties({ records, store }),
      clock,
      ids,
    }),
    endpoints: makeEndpoints({ records, store }),
    endpointRights: makeEndpointRights({ records, store }),
    rules: [scriptIncludesRule, ...makeEndpointRules({ records: () => records, reserved: parts.reservedNamespaces })],
    close: () => runner.close(),
  };
};
