// What goes into a script run and what comes out. Only JSON crosses: nothing of the host is ever reachable from inside.
import type { Fault } from '../kit/fault.ts';
import type { ScriptLimits } from './limits.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Which objects a script finds besides GlideRecord, gs and the like. */
export type Stage = 'plain' | 'scripted_rest' | 'transform';

/** Counts what a script uses; each throws the Fault of its limit. */
export interface Meter {
  query(): void;
  rows(count: number): void;
}

/** What answers a script's calls. Made for one run, with the rights of one caller. */
export interface ScriptHost {
  /** What the script may know before it begins: time, user, zone, script includes it names. */
  environment(source: string): Promise<Json>;
  /** Throws Fault: the script sees an Error with its code, except for `scripting.*`, which end the run. */
  call(name: string, input: Json, meter: Meter): Promise<Json>;
}

export interface ScriptRequest {
  readonly source: string;
  /** Name shown in errors, such as `sys_ws_operation.3f…`. */
  readonly file: string;
  readonly host: ScriptHost;
  readonly stage?: Stage;
  /** Handed to the stage, which makes the script's variables of it; for `plain` they are the variables. */
  readonly globals?: { readonly [name: string]: Json | undefined };
  /** Variables to hand back. */
  readonly read?: readonly string[];
  /** Whose load this is (a user, an operation): one lane never takes the whole pool. */
  readonly lane?: string;
  readonly limits?: Partial<Omit<ScriptLimits, 'memoryBytes'>>;
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
}

/** An exception that left the script, as plain data. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** 0 where the engine does not know. */
  readonly line: number;
  readonly column: number;
  readonly stack: string;
  /** Of `sn_ws_err` errors. */
  readonly status?: number;
  readonly detail?: string;
  /** Code of the Fault behind a refused call, '' otherwise. */
  readonly code: string;
}

export interface Outcome {
  /** Set when the script did not finish; its code tells why. */
  readonly fault: Fault | undefined;
  /** The exception behind `scripting.uncaught` and `scripting.syntax_error`. */
  readonly thrown: Thrown | undefined;
  /** Completion value, null when it has no JSON form. */
  readonly value: unknown;
  /** The variables asked for, and what the stage reports under its own names. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly logs: readonly LogLine[];
  readonly cpuMs: number;
  readonly queries: number;
  readonly rows: number;
}
