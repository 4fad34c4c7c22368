// Metadata and keys of the providers, cached per metadata URL (the original's syscache_oidc_config): one fetch serves all who wait,
// a failing provider is left alone for a while, and its known keys go on serving. Must not fetch for a URL that no registration names.
import { makeBoundedMap } from '../../kit/bounded_map.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Fault, isFault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { makeSingleFlight } from '../../kit/single_flight.ts';
import type { Narrator } from '../narrator.ts';
import type { Topics } from '../parts.ts';
import { shownValue } from '../refusal.ts';
import { providerKeysTopic } from '../topics.ts';
import { fetchProvider, type Provider } from './discovery.ts';

export interface Providers {
  /** From the cache, else fetched; `isFresh` when this call waited for the fetch. Throws Fault when there is nothing to go by. */
  of(metadataUrl: string, lifeMs: number, say: Narrator): Promise<{ provider: Provider; isFresh: boolean }>;
  /** Fetches again for a key that is not known, at most once a minute; within the minute, what the last fetch brought. undefined when it fails. */
  again(metadataUrl: string, say: Narrator): Promise<Provider | undefined>;
  /** True when asking costs no fetch. */
  isKnown(metadataUrl: string, lifeMs: number): boolean;
  /** What is cached for a URL, how old it is, and the last complaint; undefined when it was never asked for. */
  describe(metadataUrl: string): ProviderReport | undefined;
}

export interface ProviderReport {
  issuer: string;
  keyIds: readonly string[];
  ageSeconds: number | undefined;
  lastError: string;
}

interface Entry {
  provider: Provider | undefined;
  fetchedAtMs: number;
  /** A configuration was saved since: fetch before use. */
  isOutdated: boolean;
  topic: number;
  failures: number;
  silentUntilMs: number;
  error: Fault | undefined;
  forcedAtMs: number;
}

const graceMs = 24 * 3_600_000;
const forcedEveryMs = 60_000;
/** While known keys serve, nobody waits for the provider; without any, everybody does: it may be a moment from being up. */
const backOffMs = (failures: number, hasKeys: boolean): number => {
  if (hasKeys) return Math.min(60_000, 1_000 * 2 ** failures);
  return failures === 1 ? 0 : Math.min(10_000, 250 * 2 ** failures);
};

export const makeProviders = (parts: { outbound: Outbound; clock: Clock; topics: Topics }): Providers => {
  const { outbound, clock, topics } = parts;
  const entries = makeBoundedMap<string, Entry>(500);
  const inFlight = makeSingleFlight<Provider>();
  const fetching = new Set<string>();

  const entryOf = (metadataUrl: string): Entry => {
    const topic = topics.topic(providerKeysTopic);
    const present = entries.get(metadataUrl);
    if (present?.topic === topic) return present;
    // Old keys stay at hand for the case that the provider is down just now.
    const entry: Entry = {
      provider: present?.provider,
      fetchedAtMs: present?.fetchedAtMs ?? Number.NEGATIVE_INFINITY,
      isOutdated: true,
      topic,
      failures: 0,
      silentUntilMs: 0,
      error: undefined,
      forcedAtMs: Number.NEGATIVE_INFINITY,
    };
    entries.set(metadataUrl, entry);
    return entry;
  };

  const isCurrent = (entry: Entry, lifeMs: number): boolean => !entry.isOutdated && clock.now() - entry.fetchedAtMs < lifeMs;

  const fetchInto = (metadataUrl: string, say: Narrator): Promise<Provider> =>
    inFlight.run(metadataUrl, async () => {
      const entry = entryOf(metadataUrl);
      fetching.add(metadataUrl);
      try {
        const provider = await fetchProvider(outbound, metadataUrl, (url, document) => {
          if (!say.isDebugging) return;
          const shown = shownValue(document, 100_000);
          say.debug(`Response from url =${url} is =${shown}`);
          say.debug(`JSON response =${shown}`);
        });
        say.debug(`Adding OIDCConfig into syscache_oidc_config with url=${metadataUrl}`);
        const fetchedAtMs = clock.now();
        Object.assign(entry, { provider, fetchedAtMs, isOutdated: false, failures: 0, silentUntilMs: 0, error: undefined });
        return provider;
      } catch (error) {
        if (!isFault(error)) throw error;
        entry.failures += 1;
        entry.silentUntilMs = clock.now() + backOffMs(entry.failures, entry.provider !== undefined);
        entry.error = error;
        throw error;
      } finally {
        fetching.delete(metadataUrl);
      }
    });

  return {
    async of(metadataUrl, lifeMs, say) {
      const entry = entryOf(metadataUrl);
      if (entry.provider && isCurrent(entry, lifeMs)) return { provider: entry.provider, isFresh: false };
      const fallback = clock.now() - entry.fetchedAtMs < lifeMs + graceMs ? entry.provider : undefined;
      if (clock.now() < entry.silentUntilMs && entry.error) {
        if (fallback) return { provider: fallback, isFresh: false };
        throw entry.error;
      }
      try {
        return { provider: await fetchInto(metadataUrl, say), isFresh: true };
      } catch (error) {
        if (fallback && isFault(error)) return { provider: fallback, isFresh: true };
        throw error;
      }
    },
    async again(metadataUrl, say) {
      const entry = entryOf(metadataUrl);
      // Those who come while a fetch is under way wait for it; those who come after it make do with what it brought.
      if (!fetching.has(metadataUrl)) {
        if (clock.now() - entry.forcedAtMs < forcedEveryMs) return entry.provider;
        entry.forcedAtMs = clock.now();
      }
      try {
        return await fetchInto(metadataUrl, say);
      } catch (error) {
        if (isFault(error)) return undefined;
        throw error;
      }
    },
    isKnown(metadataUrl, lifeMs) {
      const entry = entries.get(metadataUrl);
      return entry?.provider !== undefined && isCurrent(entry, lifeMs);
    },
    describe(metadataUrl) {
      const entry = entries.get(metadataUrl);
      if (!entry) return undefined;
      return {
        issuer: entry.provider?.issuer ?? '',
        keyIds: entry.provider?.keys.map((key) => key.keyId ?? '') ?? [],
        ageSeconds: entry.provider ? Math.round((clock.now() - entry.fetchedAtMs) / 1000) : undefined,
        lastError: entry.error?.message ?? '',
      };
    },
  };
};
