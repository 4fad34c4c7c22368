// How a link authenticates: client credentials, or the older way by the peer's integration user with a password and refresh tokens. Which
// one an instance must use follows from the versions of both sides. Pure.
import type { Row } from '../../records/records.ts';

export type AuthMethod = 'client_credentials' | 'password';

/** Client credentials came with this version of Service Exchange. */
export const upgradeFloor = '2.3.10';

/** Compares number by number: 2.3.9 is below 2.3.10. What is no number counts as 0. */
export const isBelowFloor = (version: string): boolean => {
  const [given, floor] = [version, upgradeFloor].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let at = 0; at < Math.max(given?.length ?? 0, floor?.length ?? 0); at += 1) {
    const difference = (given?.[at] ?? 0) - (floor?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
};

export const readMethod = (value: unknown): AuthMethod => (value === 'password' ? 'password' : 'client_credentials');

/** What a registry record of type OAuth Provider asks its peer with. */
export const grantOf = (credential: Row | undefined): AuthMethod => readMethod(credential?.default_grant_type);

/** Client Credentials only where neither leg is left behind. */
export const methodOfLink = (own: AuthMethod, peer: AuthMethod): AuthMethod =>
  own === 'password' || peer === 'password' ? 'password' : 'client_credentials';
