// The scripts of one transform, one after the other in one sandbox: source, target and the flags in, what the script made of them out.
// When which script runs is decided by whoever transforms.
import type { Fault } from '../kit/fault.ts';
import { isObject } from '../kit/is_object.ts';
import type { ScriptRunner } from './runner.ts';
import type { Json, LogLine, Outcome, ScriptHost, Thrown } from './script.ts';

/** A record as a transform script sees it. */
export interface HeldRecord {
  readonly table: string;
  /** Stored values; empty for a record that does not exist yet. */
  readonly values: Readonly<Record<string, string>>;
  /** Mapped so far, not written. */
  readonly pending?: Readonly<Record<string, string>>;
  readonly isNew?: boolean;
}

export interface TransformScript {
  readonly source: string;
  readonly file: string;
}

export interface TransformVariables {
  readonly source?: HeldRecord;
  readonly target?: HeldRecord;
  readonly action?: 'insert' | 'update' | '';
  readonly map?: Readonly<Record<string, Json>>;
  readonly import_set?: Readonly<Record<string, Json>>;
  readonly name?: string;
  readonly value?: string;
  readonly ignore?: boolean;
  readonly error?: boolean;
  readonly status_message?: string;
  readonly error_message?: string;
}

export interface TransformResult {
  /** Set when the script did not finish; the transform counts it as error 900. */
  readonly fault: Fault | undefined;
  readonly thrown: Thrown | undefined;
  readonly ignore: boolean;
  readonly error: boolean;
  readonly statusMessage: string;
  readonly errorMessage: string;
  readonly action: string;
  /** What the script set as `answer`, or else handed back; '' for nothing. */
  readonly answer: string;
  /** All fields of the target that are to be written now: mapped before, and set by the script. */
  readonly target: Readonly<Record<string, string>>;
  /** The script called target.setAbortAction(true). */
  readonly isAborted: boolean;
  /** `response.*` for the Import Set API. */
  readonly response: Readonly<Record<string, unknown>>;
  readonly logs: readonly LogLine[];
}

export interface TransformScripts {
  run(script: TransformScript, variables: TransformVariables): Promise<TransformResult>;
  close(): void;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value);
const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {});

const readResult = ({ fault, thrown, value, variables, logs }: Outcome): TransformResult => {
  const target = objectOf(variables.target);
  const written: Record<string, string> = Object.create(null);
  for (const [field, text] of Object.entries(objectOf(target.values))) written[field] = textOf(text);
  const handedBack = typeof value === 'object' ? '' : textOf(value);
  return {
    fault,
    thrown,
    ignore: variables.ignore === true,
    error: variables.error === true,
    statusMessage: textOf(variables.status_message),
    errorMessage: textOf(variables.error_message),
    action: textOf(variables.action),
    answer: textOf(variables.answer) || handedBack,
    target: written,
    isAborted: target.abort === true,
    response: objectOf(variables.response),
    logs,
  };
};

/** Opens a sandbox for the scripts of one transform. Throws `scripting.overloaded`. Close it when the transform is done. */
export const openTransformScripts = async (
  runner: ScriptRunner,
  { host, lane }: { host: () => ScriptHost; lane: string },
): Promise<TransformScripts> => {
  const session = await runner.open(lane);
  return {
    async run(script, variables) {
      return readResult(
        await session.step({ ...script, host: host(), stage: 'transform', globals: { ...variables } as Record<string, Json> }),
      );
    },
    close: () => session.close(),
  };
};
