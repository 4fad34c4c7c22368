// The sysparm_* that shape what is read, common to every verb of the Table API (data_api.md §2.1).
// It must not touch rows; what cannot be understood falls back to its default, as clients count on.
import { keptFor } from '../../kit/kept_for.ts';
import type { DisplayMode } from '../../records/records.ts';
import type { Parameters } from '../parameters.ts';

export interface ReadOptions {
  /** undefined: all the caller may read. */
  fields: readonly string[] | undefined;
  display: DisplayMode;
  excludeReferenceLink: boolean;
}

const displayOf = (said: string | undefined): DisplayMode => {
  const word = said?.trim().toLowerCase();
  return word === 'true' || word === 'all' ? word : 'false';
};

const fieldsOf = (said: string | undefined): readonly string[] | undefined => {
  const names = (said ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? undefined : [...new Set(names)];
};

/** The same object for the same parameters. */
export const readOptions = keptFor(
  (parameters: Parameters): ReadOptions => ({
    fields: fieldsOf(parameters.get('sysparm_fields')),
    display: displayOf(parameters.get('sysparm_display_value')),
    excludeReferenceLink: parameters.isTrue('sysparm_exclude_reference_link'),
  }),
);
