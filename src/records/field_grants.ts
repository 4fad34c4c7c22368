// Fields that a caller may write in some records only: rules for fields that have a condition. The rows decide.
// It must not look at fields that may be written in every record, or in none.
import { type AccessParts, holdsFor, type Read } from './access.ts';
import type { Caller } from './caller.ts';
import type { Table } from './dictionary.ts';
import { writeRefused } from './refusals.ts';

type About = { caller: Caller; table: Table; elements: readonly string[] };

const conditional = ({ rights }: AccessParts, { caller, table, elements }: About) =>
  rights.hasFieldConditions && !caller.isSystem
    ? elements.flatMap((element) => {
        const field = table.fields.get(element);
        const access = field ? rights.onField(caller, table, field, 'write') : 'none';
        return access === 'all' || access === 'none' ? [] : [{ element, access }];
      })
    : [];

/** Of these elements, those whose condition can only be judged by the record that will be there. */
export const perhapsWritable = (parts: AccessParts, about: About): ReadonlySet<string> =>
  new Set(conditional(parts, about).map(({ element }) => element));

/** Of these elements, those whose condition this record meets as it is. */
export const writableIn = async (
  parts: AccessParts,
  read: Read,
  about: About & { sysId: string },
): Promise<ReadonlySet<string>> => {
  const granted = new Set<string>();
  for (const { element, access } of conditional(parts, about))
    if (await holdsFor(parts, read, { ...about, access })) granted.add(element);
  return granted;
};

/** For a new record, as it was stored. Throws `records.insert_refused`. */
export const requireWritable = async (parts: AccessParts, read: Read, about: About & { sysId: string }): Promise<void> => {
  for (const { element, access } of conditional(parts, about)) {
    if (!(await holdsFor(parts, read, { ...about, access })))
      throw writeRefused('insert', `no rule lets ${about.caller.userName} write ${about.table.name}.${element} of this record`);
  }
};
