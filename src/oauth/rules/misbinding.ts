// The OAuth Application User belongs on an OAuth Client record: there it is who a client's token acts as. On any other kind of record it does
// nothing but make administrators believe that it does, which takes whole connections down.
import { Fault } from '../../kit/fault.ts';
import type { RecordsInTransaction, Row } from '../../records/records.ts';

const kindOf = (row: Row): string => {
  if (row.sys_class_name === 'oauth_oidc_entity') return 'External OIDC Provider';
  if (row.type === 'client' || row.sys_class_name === 'oauth_jwt') return 'OAuth Client';
  return row.type === 'consumer' || row.type === 'oauth_provider' ? 'OAuth Provider' : (row.type ?? '');
};

/** Two registrations of one connection differ in the one word that says which way they point. */
const stemOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\b(oauth|client|provider|consumer)\b/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The client records that the user may have been meant for: of the same connection by name, else all of them. */
const belongsOn = async (within: RecordsInTransaction, values: Row): Promise<Row[]> => {
  const clients = (await within.findBy('oauth_entity', { type: 'client' }, { limit: 200 })).filter(
    (row) => kindOf(row) === 'OAuth Client' && row.sys_id !== values.sys_id,
  );
  const related = clients.filter((row) => stemOf(row.name ?? '') === stemOf(values.name ?? ''));
  return (related.length > 0 ? related : clients).slice(0, 3);
};

/** Throws Fault `oauth.application_user_misplaced`. A row that has the wrong binding already may be saved as long as it is not made anew. */
export const refuseMisbinding = async ({
  within,
  before,
  values,
  isAllowed,
}: {
  within: RecordsInTransaction;
  before: Row;
  values: Row;
  isAllowed: () => Promise<boolean>;
}): Promise<void> => {
  const kind = kindOf(values);
  if (!values.user || kind === 'OAuth Client') return;
  if (before.user === values.user && kindOf(before) === kind) return;
  if (await isAllowed()) return;
  const right = await belongsOn(within, values);
  const names = right.map((row) => `"${row.name}" (sys_id ${row.sys_id})`).join(' or ');
  throw new Fault('bad_request', 'oauth.application_user_misplaced', 'The OAuth Application User cannot be set on this record', {
    explanation: `"${values.name}" is of type ${kind}. The OAuth Application User belongs on the OAuth Client record ${names || 'of the same connection, which does not exist yet'}`,
  });
};
