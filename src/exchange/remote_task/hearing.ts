// Who hears whom where one record is tied to several peers: what one of them says or attaches is not for another of its kind, as for two
// consumers of this provider. Between a consumer and a provider of this instance it goes on. Reads rows; must not change them.
import type { RecordsInTransaction } from '../../records/records.ts';
import { integrationUserName } from '../connection/names.ts';
import { type Side, sideOf } from '../definition/field_map.ts';
import type { Origin } from '../origin.ts';
import { companyName, findConnection } from './pair.ts';

/** Of what happens now. `from` is undefined for people here. */
export const mayHear = async (within: RecordsInTransaction, side: Side, from: Origin | undefined): Promise<boolean> => {
  if (!from) return true;
  const speaker = await findConnection(within, from.connection);
  return speaker !== undefined && sideOf(speaker) !== side;
};

const longestName = 40;

/** Whose entry it is, as it stands here. The company is never cut: it tells what came from there. */
export const authorOf = (by: string, company: string): string => {
  const suffix = ` (${company})`.slice(-longestName);
  return `${by.slice(0, longestName - suffix.length)}${suffix}`;
};

/** Of what was said before: whether it is for a peer on the other end of `side`, by who made the row. */
export const makeHeardBefore = async (within: RecordsInTransaction, side: Side): Promise<(createdBy: string) => boolean> => {
  const others = (await within.findBy('sn_sb_connection', {})).filter((connection) => sideOf(connection) !== side);
  const users = new Set(others.map(({ connection_id: id = '' }) => integrationUserName(id)));
  const companies: string[] = [];
  for (const connection of others) companies.push(authorOf('', await companyName(within, connection)));
  return (by) => {
    // So end those who write from elsewhere, and no one here.
    if (by.endsWith(')')) return companies.some((company) => by.endsWith(company));
    return users.has(by) || !by.startsWith(integrationUserName(''));
  };
};
