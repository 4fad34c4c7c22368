// Where an administrator of the original finds a record, and what its fields are called there. Pure.
import { type Change, shownValue } from './check.ts';

const menus: ReadonlyMap<string, string> = new Map([
  ['oauth_entity', 'All > System OAuth > Application Registry'],
  ['sys_user', 'All > User Administration > Users'],
]);

const labels: ReadonlyMap<string, string> = new Map([
  ['user', 'OAuth Application User'],
  ['active', 'Active'],
  ['locked_out', 'Locked out'],
  ['user_name', 'User ID'],
  ['token_url', 'Token URL'],
  ['value', 'Value'],
  ['external_id', 'External ID'],
  ['outbound_state', 'Outbound state'],
  ['inbound_state', 'Inbound state'],
]);

/** A list without a menu opens by its name, typed into the navigator. */
const menuOf = (table: string): string => menus.get(table) ?? `${table}.list`;

const stepOf = (change: Change): string => {
  if (change.kind === 'call') return '';
  const values = Object.keys(change.values).map((field) => {
    const label = labels.get(field) ?? field;
    const value = shownValue(change, field);
    return value === '' ? `clear ${label}` : `set ${label} to ${value}`;
  });
  const where = change.kind === 'insert' ? 'New' : `"${change.record}"`;
  return `${menuOf(change.table)} > ${where}: ${values.join(', ')}, save`;
};

export const byHandOf = (changes: readonly Change[]): string =>
  changes
    .map(stepOf)
    .filter((step) => step !== '')
    .join('; ');
