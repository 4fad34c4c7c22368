// What the host of a script is made of. Interfaces are declared here where only scripts need them.
import type { Clock } from '../../kit/clock.ts';
import type { Ids } from '../../kit/ids.ts';
import type { Caller } from '../../records/caller.ts';
import type { Records } from '../../records/records.ts';
import type { Rights } from '../../records/rights.ts';
import type { Json, Meter } from '../script.ts';
import type { Input } from './input.ts';

export type AggregateName = 'COUNT' | 'SUM' | 'AVG' | 'MIN' | 'MAX';

export interface AggregateRequest {
  readonly table: string;
  readonly query: string;
  /** `field` is '' for the count of all. */
  readonly aggregates: ReadonlyArray<{ readonly name: AggregateName; readonly field: string }>;
  readonly groups: readonly string[];
  /** Without an aggregate: by the value of that group. */
  readonly orders: ReadonlyArray<{ readonly aggregate?: AggregateName; readonly field: string; readonly descending: boolean }>;
}

export interface AggregateGroup {
  /** Grouped field → its value, and what a person sees. */
  readonly groups: Readonly<Record<string, { readonly value: string; readonly display: string }>>;
  /** `COUNT:` or `SUM:field` → the figure as text. */
  readonly aggregates: Readonly<Record<string, string>>;
}

/** Figures over the records that the caller may read; a term that is not understood matches nothing. */
export interface Aggregates {
  aggregate(caller: Caller, request: AggregateRequest): Promise<readonly AggregateGroup[]>;
}

/** Library scripts that customers' scripts use by name. */
export interface ScriptIncludes {
  names(): Promise<ReadonlySet<string>>;
  /** undefined when there is none of that name in use. */
  source(name: string): Promise<string | undefined>;
}

export interface HostParts {
  readonly records: Records;
  readonly rights: () => Promise<Rights>;
  readonly aggregates: Aggregates;
  readonly includes: ScriptIncludes;
  /** '' where there is no such property, or not for this caller. */
  readonly property: (name: string, caller: Caller) => Promise<string>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** A host's state during one run. */
export interface HostRun extends HostParts {
  /** With UTC as zone: moments in queries and values of scripts are UTC. */
  readonly caller: Caller;
  /** The caller's own zone, for what is shown. */
  readonly timeZone: string;
}

export type HostCall = (run: HostRun, input: Input, meter: Meter) => Promise<Json>;
