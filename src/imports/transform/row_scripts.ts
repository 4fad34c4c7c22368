// The scripts that run for one row, and what they leave behind: fields of the target, flags, messages, log lines.
// It must not decide what follows from a flag; plan_row.ts does.
import type { Row } from '../../records/records.ts';
import type { LogNote } from './outcome.ts';
import type { OpenScripts, ScriptOutcome, ScriptText } from './scripts.ts';
import type { Moment, TransformMap } from './transform_map.ts';

export interface RowScriptState {
  action: 'insert' | 'update' | '';
  ignore: boolean;
  error: boolean;
  isAborted: boolean;
  statusMessage: string;
  errorMessage: string;
  /** Code and words of a script that did not finish. */
  failure: string;
  response: Record<string, unknown>;
  before: Row;
  pending: Record<string, string>;
  /** The record as it was inserted or updated: what scripts see from then on. */
  written: Row | undefined;
  readonly logs: LogNote[];
}

export interface RowScripts {
  readonly state: RowScriptState;
  /** What the script answers; '' when it failed, which the state then says. */
  answer(script: ScriptText, extra?: { name: string; value: string }): Promise<string>;
  /** All scripts of a moment, until one fails. Answers whether the last of them asked to ignore. */
  at(moment: Moment, extra?: { name: string; value: string }): Promise<boolean>;
}

const actionIsTold = (wanted: string): string =>
  `The script set action to "${wanted.slice(0, 40)}", which changes nothing: coalesce fields decide what a row does, ignore and error stop it`;

const emptyRow: Row = Object.freeze(Object.create(null));

/** `open` is undefined in a rehearsal: no script runs then. */
export const makeRowScripts = (parts: {
  map: TransformMap;
  open: OpenScripts | undefined;
  source: Row;
  importSet: Row;
}): RowScripts => {
  const { map, open, source, importSet } = parts;
  const state: RowScriptState = {
    action: '',
    ignore: false,
    error: false,
    isAborted: false,
    statusMessage: '',
    errorMessage: '',
    failure: '',
    response: {},
    before: emptyRow,
    pending: Object.create(null),
    written: undefined,
    logs: [],
  };

  const run = async (
    script: ScriptText,
    extra: { name: string; value: string } | undefined,
  ): Promise<ScriptOutcome | undefined> => {
    if (!open) return undefined;
    const { action, ignore, error, statusMessage, errorMessage, before, pending, written } = state;
    const target = written
      ? { table: map.targetTable, values: written }
      : { table: map.targetTable, values: before, pending, isNew: action !== 'update' };
    const done = await open.run(script, {
      source: { table: map.sourceTable, values: source },
      target,
      action,
      map: map.row,
      import_set: importSet,
      ignore: extra ? false : ignore,
      error,
      status_message: statusMessage,
      error_message: errorMessage,
      ...extra,
    });
    for (const line of done.logs.slice(0, 50)) state.logs.push({ ...line, source: script.file });
    if (done.fault) {
      const { explanation, message, code } = done.fault;
      state.failure = `${code}: ${message}${explanation ? ` (${explanation})` : ''}`;
      state.logs.push({ level: 'error', text: state.failure, source: script.file });
      return undefined;
    }
    if (done.action !== action) state.logs.push({ level: 'warn', text: actionIsTold(done.action), source: script.file });
    state.pending = Object.assign(Object.create(null), done.target);
    if (!extra) state.ignore = done.ignore;
    state.error = done.error;
    state.isAborted ||= done.isAborted;
    state.statusMessage = done.statusMessage;
    state.errorMessage = done.errorMessage;
    Object.assign(state.response, done.response);
    return done;
  };

  return {
    state,
    answer: async (script, extra) => (await run(script, extra))?.answer ?? '',
    async at(moment, extra) {
      let ignored = false;
      for (const script of map.scripts.get(moment) ?? []) {
        const done = await run(script, extra);
        if (!done) break;
        ignored = done.ignore;
      }
      return ignored;
    },
  };
};
