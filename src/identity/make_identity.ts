// Puts identity together: the methods in their order, the caches they share, and what instance.ts needs beside the door itself.
// Must not decide anything: it only wires.

import { makeGuest } from './guest.ts';
import type { Tools } from './id_token/check.ts';
import { makeJtis } from './id_token/jti_store.ts';
import { makeProviders, type Providers } from './id_token/providers.ts';
import { makeRegistrations } from './id_token/registrations.ts';
import { makeIdentify } from './identify.ts';
import type { AuthenticationMethod, Identity } from './identity.ts';
import { makeExplainToken, type TokenReport } from './inspect.ts';
import { makeLastLogin } from './last_login.ts';
import { makeLockout } from './lockout.ts';
import { makeAccessToken } from './methods/access_token.ts';
import { makeBasic } from './methods/basic.ts';
import { makeIdToken } from './methods/id_token.ts';
import type { IdentityParts } from './parts.ts';
import { makePurge } from './purge.ts';
import { makeRefusals, type Refusals } from './refusals.ts';
import { makeRemember } from './remember.ts';
import { makeUsers, type Users } from './users.ts';

export interface IdentityRoom extends Identity {
  /** What the door would do with a token; uses nothing up. */
  explainToken(token: string): Promise<TokenReport>;
  /** Removes expired token ids and old refusals; to be called by a timer. */
  purge(): Promise<{ jtis: number; refusals: number }>;
  /** Users and callers, for rooms that act for someone (tokens of our own, the exchange). */
  readonly users: Users;
  /** Basic, for rooms that are handed a name and a password in another way: same lockout, same checks. */
  readonly passwords: AuthenticationMethod;
  /** For rooms that refuse or revoke something themselves. */
  readonly refusals: Refusals;
  /** For the doctor. */
  readonly providers: Providers;
  /** Writes what is still to be written. */
  close(): Promise<void>;
}

/** `moreMethods` are asked after Basic, before tokens (API keys, sessions). */
export const makeIdentity = (
  parts: IdentityParts & {
    moreMethods?: readonly AuthenticationMethod[];
    /** Counters that `accessTokens` rests on. */
    moreTopics?: readonly string[];
    scopesOf?: (entity: string) => Promise<readonly string[]>;
  },
): IdentityRoom => {
  const { records, topics, clock, log, outbound, properties, accessTokens, provisioner } = parts;
  const users = makeUsers({ records, topics });
  const providers = makeProviders({ outbound, clock, topics });
  const refusals = makeRefusals({ records, clock, log });
  const lockout = makeLockout({ records, topics, clock, properties });
  const tools: Tools = {
    records,
    registrations: makeRegistrations({ records, topics }),
    providers,
    users,
    jtis: makeJtis({ records }),
    clock,
    properties,
    provisioner,
  };
  const passwords = makeBasic({ records, users, lockout, clock, properties });
  const idToken = makeIdToken({ tools, log, ...(parts.scopesOf ? { scopesOf: parts.scopesOf } : {}) });
  const accessToken = makeAccessToken({ accessTokens, users, clock, properties, isForeign: idToken.isRemembered });
  const methods = [passwords, ...(parts.moreMethods ?? []), accessToken, idToken];
  return {
    identify: makeIdentify({
      methods,
      refusals,
      log,
      properties,
      guest: makeGuest(users),
      remember: makeRemember({ topics, clock, moreTopics: parts.moreTopics ?? [] }),
      stampLastLogin: makeLastLogin({ records, clock, properties, log }),
    }),
    explainToken: makeExplainToken({ tools, accessTokens }),
    purge: makePurge({ records, clock, properties }),
    users,
    passwords,
    refusals,
    providers,
    close: () => refusals.close(),
  };
};
