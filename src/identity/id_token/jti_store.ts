// Which tokens were used: one row per configuration and jti, kept until the token has expired. The unique index is the check, so that
// of all requests on all processes exactly one wins. Must not be asked before the token is proven.
import { wireMoment } from '../../kit/clock.ts';
import { isFault } from '../../kit/fault.ts';
import { sha256Hex } from '../../kit/fingerprint.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records } from '../../records/records.ts';

export interface TokenUse {
  configuration: string;
  jti: string;
  untilMs: number;
}

export interface Jtis {
  /** True for the first use, durably; false for every later one. */
  use(use: TokenUse): Promise<boolean>;
  isUsed(use: TokenUse): Promise<boolean>;
}

// The last moment that the stored form can hold.
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59);

// An id that a column would cut or clean is kept by its hash: two ids must never become one.
const keyOf = ({ configuration, jti }: TokenUse) => ({
  configuration,
  jti: /^[\x21-\x7e]{1,200}$/.test(jti) && !jti.startsWith('sha256:') ? jti : `sha256:${sha256Hex(jti)}`,
});

export const makeJtis = (parts: { records: Pick<Records, 'findBy' | 'write' | 'within'> }): Jtis => {
  const { records } = parts;
  return {
    async use(use) {
      const expires = wireMoment(Math.min(endOfTime, Math.ceil(use.untilMs / 1000) * 1000));
      try {
        await records.write(async (transaction) => {
          await records.within(transaction).insert(systemCaller, 'oauth_jti', { ...keyOf(use), expires });
        });
        return true;
      } catch (error) {
        if (isFault(error, 'store.duplicate')) return false;
        throw error;
      }
    },
    isUsed: async (use) => (await records.findBy('oauth_jti', keyOf(use), { limit: 1 })).length > 0,
  };
};
