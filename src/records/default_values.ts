// What a new record gets where the caller says nothing.
import { wireMoment } from '../kit/clock.ts';
import type { Caller } from './caller.ts';
import type { Field } from './dictionary.ts';
import { fieldTypeOf } from './field_types/index.ts';

export interface DefaultOptions {
  caller: Caller;
  nowMs: number;
}

const scripts: ReadonlyMap<string, (options: DefaultOptions) => string> = new Map([
  ['gs.getUserID()', ({ caller }: DefaultOptions) => caller.userSysId],
  ['gs.getUserName()', ({ caller }: DefaultOptions) => caller.userName],
  ['gs.nowDateTime()', ({ nowMs }: DefaultOptions) => wireMoment(nowMs)],
  ['gs.now()', ({ nowMs }: DefaultOptions) => wireMoment(nowMs).slice(0, 10)],
]);

/** Stored text of a field's default; a script that is not one of the known ones counts as none. */
export const defaultValue = (field: Field, options: DefaultOptions): string => {
  const type = fieldTypeOf(field.type);
  const empty = type.emptyValue ?? '';
  const written = field.defaultValue;
  if (written === '') return empty;
  if (!written.startsWith('javascript:')) return type.read(written, { isDisplay: false, timeZone: 'UTC' }) ?? empty;
  return scripts.get(written.slice('javascript:'.length).trim().replace(/;$/, ''))?.(options) ?? empty;
};
