// Did the provider sign it? The key comes from the provider's set by kid, or is tried where no kid helps. A key that is not there
// makes us look again, within the limits that providers.ts keeps.
import { Refusal, shownValue } from '../../refusal.ts';
import { check } from '../check.ts';
import { candidatesFor, type ProviderKey } from '../keys.ts';

const signerAmong = async (keys: readonly ProviderKey[], token: string, algorithm: string): Promise<ProviderKey | undefined> => {
  for (const key of keys) if (await key.verifies(token, algorithm)) return key;
  return undefined;
};

export const signature = check('signature', ['decoded', 'algorithm', 'registration', 'provider'], async (subject, tools) => {
  const { decoded, algorithm, registration, say, token } = subject;
  const keyId = decoded.keyId;
  const shownKeyId = shownValue(keyId ?? 'null', 100);
  say.debug(`JWT info. key id:${shownKeyId};algorithName:${algorithm.name}`);
  let candidates = candidatesFor(subject.provider.keys, keyId, algorithm);
  let signer = await signerAmong(candidates.keys, token, algorithm.name);
  if (!signer && !candidates.isExact && !subject.isProviderFresh) {
    const renewed = await tools.providers.again(registration.metadataUrl, say);
    if (renewed && renewed !== subject.provider) {
      subject.provider = renewed;
      candidates = candidatesFor(renewed.keys, keyId, algorithm);
      signer = await signerAmong(candidates.keys, token, algorithm.name);
    }
  }
  if (candidates.keys.length > 0 && !(signer ?? candidates.keys[0])?.hasCertificate) {
    say.plain(`No certificate chain found for jwk with keyId=${shownKeyId}`);
  }
  say.debug(`Going to verify claims:[${registration.validations.map(({ claim }) => claim).join(', ')}]`);
  if (signer)
    return {
      expected: `a signature of ${subject.provider.issuer}`,
      got: `${algorithm.name} by key ${signer.keyId ?? '(unnamed)'}`,
    };
  if (candidates.keys.length > 0) {
    throw new Refusal('bad_signature', {
      line: 'OIDC token verification failed: Invalid JWT Signature',
      expected: `a ${algorithm.name} signature of key ${shownKeyId}`,
      got: 'another signature',
    });
  }
  throw new Refusal('kid_unknown', {
    line: `Key ID not found in JWKS: ${shownKeyId}`,
    expected: shownValue(subject.provider.keys.map((key) => key.keyId ?? '(unnamed)').join(', ') || 'no key at all'),
    got: `kid ${shownKeyId} for ${algorithm.name}`,
  });
});
