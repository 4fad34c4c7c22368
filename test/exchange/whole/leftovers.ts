// Counts the rows of every table of an instance, so that a test can say: as it was before. Logs, and what accounts for the past, grow by
// design and are left out.
import type { WholeSide } from './side.ts';

const grows = new Set([
  'syslog_transaction',
  'causeway_refusal',
  'sys_audit',
  'sys_journal_field',
  'oauth_jti',
  'oauth_credential',
  'sn_transport_audit',
  // The registration stays, ended, as the original's does.
  'sn_sb_pro_registration',
  'task',
  // What the checks can find, named at the first finding.
  'sn_sb_known_error_code',
  // Companies are known before and after.
  'core_company',
]);

/** Table → rows. */
export const countRows = async (side: WholeSide): Promise<Record<string, number>> => {
  const tables = await side.sql('SELECT name FROM sys_db_object ORDER BY name');
  const counts: Record<string, number> = {};
  for (const [name] of tables) {
    if (grows.has(String(name))) continue;
    const [row] = await side.sql(`SELECT count(*) FROM ${name}`).catch(() => [[0]]);
    counts[String(name)] = Number(row?.[0]);
  }
  return counts;
};
