// What identity/ asks of the rest of the house: small interfaces, filled by instance.ts. An interface here has as few verbs as are used.
// Nothing here may do anything.

import type { Clock } from '../kit/clock.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { Outbound } from '../kit/outbound.ts';
import type { Records } from '../records/records.ts';

/** sys_properties as last seen; cheap enough for every request. The fallback answers for a property that is absent or empty. */
export interface Properties {
  flag(name: string, fallback?: boolean): Promise<boolean>;
  number(name: string, fallback: number): Promise<number>;
}

/** Change counters: what was cached under a topic is dropped when its counter moves. */
export interface Topics {
  topic(name: string): number;
}

/** The instance's own tokens, filled by the OAuth room. `digest` is the SHA-256 of the token in hex. */
export interface AccessTokenStore {
  find(digest: string): Promise<AccessTokenRow | undefined>;
}

export interface AccessTokenRow {
  userSysId: string;
  /** sys_id of the oauth_entity. */
  entity: string;
  /** Scopes that the entity owns now, not those the token was asked with. */
  scopes: readonly string[];
  isExpired: boolean;
  /** Its end, if it is not revoked before. */
  expiresMs?: number;
  isRevoked: boolean;
}

export interface Proven {
  entity: string;
  configuration: string;
  /** What the user claim says. */
  userText: string;
  claims: Readonly<Record<string, unknown>>;
}

/** Makes users from the claims of proven tokens, where the provider configuration wants that. */
export interface Provisioner {
  /** sys_id of the user; undefined when the configuration makes none. Throws Fault `imports.provision_failed`, its detail for admins. */
  provision(proven: Proven): Promise<string | undefined>;
  /** Brings a known user up to date; never stands in the way of signing in. */
  refresh(proven: Proven, userSysId: string): Promise<void>;
}

export interface IdentityParts {
  records: Records;
  topics: Topics;
  clock: Clock;
  log: LocalhostLog;
  outbound: Outbound;
  properties: Properties;
  accessTokens: AccessTokenStore;
  provisioner?: Provisioner;
}
