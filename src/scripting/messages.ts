// The words that the two sides of a worker exchange. All of them are plain data.
import type { ScriptLimits } from './limits.ts';
import type { LogLine, Stage, Thrown } from './script.ts';

export interface Step {
  readonly source: string;
  readonly file: string;
  readonly stage: Stage;
  readonly environmentJson: string;
  readonly globalsJson: string;
  readonly readJson: string;
  readonly limits: ScriptLimits;
  /** The sandbox stays for the next step of the same session. */
  readonly keep: boolean;
}

export type ToWorker = { readonly kind: 'step'; readonly step: Step } | { readonly kind: 'forget' };

export type Ending =
  | 'finished'
  | 'syntax_error'
  | 'uncaught'
  | 'cpu_exceeded'
  | 'cancelled'
  | 'memory_exceeded'
  | 'stack_exceeded'
  | 'output_too_large'
  | 'broken';

export interface Report {
  readonly ending: Ending;
  readonly thrown: Thrown | undefined;
  /** `{"value":…,"variables":{…}}`, only when finished. */
  readonly resultJson: string;
  readonly logs: readonly LogLine[];
  readonly cpuMs: number;
  /** The engine could not be cleaned up, or holds all the memory it may have: the worker answers no more and has to be replaced. */
  readonly isWorkerSpent: boolean;
  /** For the operator: what the engine itself said when it broke. */
  readonly detail: string;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'call'; readonly name: string; readonly inputJson: string }
  | { readonly kind: 'done'; readonly report: Report };

/** Answer to a call: JSON text, an error the script may catch, or the end of the run. */
export type CallAnswer =
  | { readonly json: string }
  | { readonly error: { readonly code: string; readonly kind: string; readonly message: string } }
  | { readonly end: true };

/** Places in the shared numbers of a worker. */
export const answerCount = 0;
export const cancelFlag = 1;

export interface WorkerStart {
  readonly shared: Int32Array;
  readonly answers: import('node:worker_threads').MessagePort;
  /** Of all scripts this worker runs, one after the other. */
  readonly memoryBytes: number;
  /** File name → text of the objects scripts see. */
  readonly objects: ReadonlyMap<string, string>;
}
