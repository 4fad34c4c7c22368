// Looks up access tokens by their hash: one indexed read, cached in bounded memory until something about tokens changes anywhere.
// Never caches what it did not find.
import type { Clock } from '../kit/clock.ts';
import type { Records } from '../records/records.ts';
import { type Credential, credentialOf } from './credential.ts';
import { credentialTable } from './issue_tokens.ts';

export interface FindToken {
  /** Access and refresh tokens alike, live or not; undefined when this instance never issued it or has purged it. */
  byHash(tokenHash: string): Promise<Credential | undefined>;
}

const entryLimit = 20_000;
/** A bound of its own, should a change ever go unannounced. */
const keptMs = 60_000;

export const makeFindToken = ({ records, clock, topic }: { records: Records; clock: Clock; topic: () => number }): FindToken => {
  let cache = new Map<string, { credential: Credential; untilMs: number }>();
  let cachedAt = -1;
  return {
    async byHash(tokenHash) {
      const now = topic();
      if (now !== cachedAt) {
        cache = new Map();
        cachedAt = now;
      }
      const known = cache.get(tokenHash);
      // The life of a token may have been renewed since it was read, so its end is the end of the entry too.
      if (known !== undefined && known.untilMs > clock.now()) return known.credential;
      cache.delete(tokenHash);
      const [row] = await records.findBy(credentialTable, { token_hash: tokenHash });
      if (row === undefined) return undefined;
      const credential = credentialOf(row);
      // A revocation that came while the row was read must not be covered by what was read before it. Refresh tokens are read every time:
      // they are seldom used, and one that was replaced must be seen as such at once.
      if (credential.kind === 'access' && credential.state === 'live' && topic() === cachedAt) {
        if (cache.size >= entryLimit) cache.delete(cache.keys().next().value as string);
        cache.set(tokenHash, { credential, untilMs: Math.min(credential.expiresMs, clock.now() + keptMs) });
      }
      return credential;
    },
  };
};
