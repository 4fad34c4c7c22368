// What the older way of authenticating needs beside the registry records: the integration user's password, told to the peer when the two
// register, and what is kept of it. A password is used once; from then on there are refresh tokens only, as there ever were.
import { createHmac } from 'node:crypto';
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

const table = 'causeway_legacy_credential';

/** The same at every call, so that a step of a registration may be repeated and nothing has to be kept. `key`: of this instance. */
export const loginPassword = (key: Buffer, registration: string): string =>
  createHmac('sha256', key).update(`integration user of ${registration}`).digest('base64url');

/** The peer's integration user, for us to ask tokens with. Safe to repeat. */
export const storeLogin = async (
  records: Records,
  transaction: Transaction,
  { connection, login }: { connection: string; login: Login },
): Promise<void> => {
  const within = records.within(transaction);
  const [known] = await within.findBy(table, { connection });
  const values = { user_name: login.user, password: login.password, refresh_token: null };
  if (known) await within.update(systemCaller, table, known.sys_id ?? '', values);
  else await within.insert(systemCaller, table, { connection, ...values });
};

export interface LegacyTokens {
  /** What to ask the token endpoint with, the better first; empty where nothing is kept. */
  forms(connection: Row): Promise<readonly Readonly<Record<string, string>>[]>;
  /** After a grant: the password has done its work. */
  keep(connection: Row, refreshToken: string, lifeSeconds: number): Promise<void>;
}

export const makeLegacyTokens = ({
  records,
  clock,
  openSecret,
}: {
  records: Records;
  clock: Clock;
  openSecret: (sealed: string, context: string) => string;
}): LegacyTokens => {
  const read = async (connection: Row) => {
    const [row] = await records.findBy(table, { connection: connection.sys_id ?? '' }, { limit: 1 });
    const open = (element: string): string => (row?.[element] ? openSecret(row[element] ?? '', `${table}.${element}`) : '');
    return { row, password: open('password'), refreshToken: open('refresh_token') };
  };
  return {
    async forms(connection) {
      const { row, password, refreshToken } = await read(connection);
      const found: Record<string, string>[] = [];
      // An administrator who puts a password there wants it used.
      if (password !== '') found.push({ grant_type: 'password', username: row?.user_name ?? '', password });
      if (refreshToken !== '') found.push({ grant_type: 'refresh_token', refresh_token: refreshToken });
      return found;
    },
    async keep(connection, refreshToken, lifeSeconds) {
      const { row, password, refreshToken: before } = await read(connection);
      if (!row || refreshToken === '' || (refreshToken === before && password === '')) return;
      await records.update(systemCaller, table, row.sys_id ?? '', {
        // null clears a secret; '' would leave it.
        password: null,
        // A refresh token that comes again has the life it had.
        ...(refreshToken === before
          ? {}
          : { refresh_token: refreshToken, refresh_expires: wireMoment(clock.now() + lifeSeconds * 1000) }),
      });
    },
  };
};
