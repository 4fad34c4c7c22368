// What the rules of scripted REST rows share: the look-ups inside a transaction, and the words of a refusal.
import { Fault } from '../../../kit/fault.ts';
import type { Records, RecordsInTransaction, Row } from '../../../records/records.ts';
import type { Transaction } from '../../../store/store.ts';
import { strangeMediaTypes } from '../media_types.ts';

export interface RuleParts {
  /** Asked at each change: the record layer is made after the list of rules. */
  readonly records: () => Records;
  /** Namespaces that the instance's own APIs have. */
  readonly reserved: readonly string[];
}

export const refused = (label: string, explanation: string): Fault =>
  new Fault('bad_request', 'scripting.bad_endpoint', `Invalid value for ${label}`, { explanation });

/** The API's row, locked: two operations of one API are not saved at the same time. */
export const lockDefinition = async (within: RecordsInTransaction, sysId: string): Promise<Row> => {
  const [definition] = await within.findBy('sys_ws_definition', { sys_id: sysId }, { forUpdate: true });
  if (!definition) throw refused('API definition', 'There is no such scripted REST API');
  return definition;
};

export const requireMediaTypes = (label: string, list: string | undefined): void => {
  const [strange] = strangeMediaTypes(list ?? '');
  if (strange !== undefined) throw refused(label, `Not a media type: ${strange.slice(0, 100)}`);
};

/** For columns that only the rules write; they neither count as a change of their own nor run rules again. */
export const setColumn = async (
  transaction: Transaction,
  { table, sysId, column, value }: { table: string; sysId: string; column: string; value: string },
): Promise<void> => {
  const { dialect } = transaction;
  await transaction.run(
    `UPDATE ${dialect.name(table)} SET ${dialect.name(column)} = ${dialect.parameter(1)} WHERE sys_id = ${dialect.parameter(2)}`,
    [value, sysId],
  );
};
