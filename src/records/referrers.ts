// What becomes of references when the record they name is removed: inside its transaction, before it goes. Lists of references keep
// what they hold; only fields that name one record are followed.
import type { Transaction, Value } from '../store/store.ts';
import type { Dictionary, Field, Table } from './dictionary.ts';
import { type Located, locate } from './locate.ts';
import { stillReferred, tooManyReferrers } from './refusals.ts';

/** More than this in one transaction would hold up everyone else's writes. */
export const referrerLimit = 1000;

const pointsAt = (field: Field, names: ReadonlySet<string>): boolean =>
  field.type === 'reference' && field.column !== '' && field.referenceKey === 'sys_id' && names.has(field.reference);

/** Fields by the table that owns them. What a class inherits is followed where it is stored. */
const fieldsPointingAt = (dictionary: Dictionary, target: Table): Map<Table, Field[]> => {
  const names = new Set(target.chain.map((level) => level.name));
  const found = new Map<Table, Field[]>();
  for (const table of dictionary.tables()) {
    const fields = [...table.fields.values()].filter(
      (field) => field.table === table.name && field.whenGone !== 'none' && pointsAt(field, names),
    );
    if (fields.length > 0) found.set(table, fields);
  }
  return found;
};

export interface Referrer extends Located {
  /** What is to be emptied; the record itself is to go where `isDoomed`. */
  readonly cleared: readonly string[];
  readonly isDoomed: boolean;
}

/**
 * The records that name `sysId`, one after the other, each as it is when its turn comes: what was done about one may have changed or
 * removed the next. Throws `records.still_referred` where one of them forbids it, or cannot be without what it names, and
 * `records.too_many_referrers`.
 */
export async function* referrersOf(
  transaction: Transaction,
  dictionary: Dictionary,
  target: Table,
  sysId: string,
): AsyncGenerator<Referrer> {
  const { dialect } = transaction;
  const options = {
    dialect,
    read: (sql: string, parameters: readonly Value[]) => transaction.read(sql, parameters),
    forUpdate: true,
  };
  let count = 0;
  for (const [table, fields] of fieldsPointingAt(dictionary, target)) {
    const terms = fields.map((field) => `${dialect.name(field.column)} = ${dialect.parameter(1)}`);
    const rows = await transaction.read(
      `SELECT sys_id FROM ${dialect.name(table.name)} WHERE ${terms.join(' OR ')} LIMIT ${referrerLimit + 1}`,
      [sysId],
    );
    count += rows.length;
    if (count > referrerLimit) throw tooManyReferrers(table.label, referrerLimit);
    for (const [id] of rows) {
      const located = await locate(table, String(id), options);
      const naming = fields.filter((field) => located?.row[field.element] === sysId);
      if (!located || naming.length === 0) continue;
      const isDoomed = naming.some((field) => field.whenGone === 'delete');
      // The class may ask for more than the table that owns the field.
      const holds = (field: Field): boolean =>
        field.whenGone === 'restrict' ||
        (field.whenGone === 'clear' && (located.leaf.fields.get(field.element)?.mandatory ?? false));
      if (!isDoomed && naming.some(holds)) throw stillReferred(table.label);
      yield { ...located, isDoomed, cleared: naming.map((field) => field.element) };
    }
  }
}
