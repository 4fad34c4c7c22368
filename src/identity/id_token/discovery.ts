// What a provider says of itself: the metadata document and the key set behind it. The two URLs come from the registry and from
// the metadata; nothing from a token ever gets here.
import { Fault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { type ProviderKey, readKeySet } from './keys.ts';

export interface Provider {
  readonly issuer: string;
  readonly keySetUrl: string;
  readonly keys: readonly ProviderKey[];
}

/** Hears every document that arrives; what it carries is public. */
export type Listener = (url: string, document: unknown) => void;

const invalid = (why: string): Fault => new Fault('unavailable', 'identity.metadata_invalid', `The metadata document ${why}`);

const readMetadata = (document: unknown, metadataUrl: URL, outbound: Outbound): { issuer: string; keySetUrl: string } => {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw invalid('is not a JSON object');
  const { issuer, jwks_uri: keySetUrl } = document as { issuer?: unknown; jwks_uri?: unknown };
  if (typeof issuer !== 'string' || issuer === '' || issuer.length > 2_048) throw invalid('states no issuer');
  if (typeof keySetUrl !== 'string') throw invalid('states no jwks_uri');
  const url = outbound.permit(keySetUrl);
  // A provider elsewhere must not point us at what runs beside us in plain http.
  if (url.protocol === 'http:' && metadataUrl.protocol !== 'http:') throw invalid('leads from https to a key set over http');
  return { issuer, keySetUrl: url.href };
};

/** Throws Fault `kit.outbound_…`, `identity.metadata_invalid` or `identity.jwks_invalid`, each with a sentence an admin can act on. */
export const fetchProvider = async (
  outbound: Outbound,
  metadataUrl: string,
  heard: Listener = () => undefined,
): Promise<Provider> => {
  const url = outbound.permit(metadataUrl);
  const metadata = await outbound.getJson(metadataUrl);
  heard(metadataUrl, metadata);
  const { issuer, keySetUrl } = readMetadata(metadata, url, outbound);
  const keySet = await outbound.getJson(keySetUrl);
  heard(keySetUrl, keySet);
  return { issuer, keySetUrl, keys: readKeySet(keySet) };
};
