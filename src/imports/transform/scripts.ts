// What transforms ask of whoever runs customers' scripts; instance.ts fills it. Must not know the sandbox.
import type { Fault } from '../../kit/fault.ts';
import type { Row } from '../../records/records.ts';

export interface ScriptText {
  readonly source: string;
  /** Shown in errors, such as `sys_transform_script.3f…`. */
  readonly file: string;
}

export interface HeldRecord {
  readonly table: string;
  readonly values: Row;
  readonly pending?: Readonly<Record<string, string>>;
  readonly isNew?: boolean;
}

export interface ScriptVariables {
  readonly source?: HeldRecord;
  readonly target?: HeldRecord;
  readonly action?: 'insert' | 'update' | '';
  readonly map?: Readonly<Record<string, string>>;
  readonly import_set?: Readonly<Record<string, string>>;
  readonly name?: string;
  readonly value?: string;
  readonly ignore?: boolean;
  readonly error?: boolean;
  readonly status_message?: string;
  readonly error_message?: string;
}

export interface ScriptOutcome {
  readonly fault: Fault | undefined;
  readonly ignore: boolean;
  readonly error: boolean;
  readonly statusMessage: string;
  readonly errorMessage: string;
  readonly action: string;
  readonly answer: string;
  /** All fields of the target that are to be written now. */
  readonly target: Readonly<Record<string, string>>;
  readonly isAborted: boolean;
  readonly response: Readonly<Record<string, unknown>>;
  readonly logs: ReadonlyArray<{ readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly text: string }>;
}

export interface OpenScripts {
  run(script: ScriptText, variables: ScriptVariables): Promise<ScriptOutcome>;
  close(): void;
}

/** A sandbox for the scripts of one transform. They run as the system: rules/ see to it that only admins write them. */
export type ScriptOpener = (lane: string) => Promise<OpenScripts>;
