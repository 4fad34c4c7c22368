// Which registration is the token for? The client id must be among its audiences and the issuer must be the one that the
// configuration's metadata states. A token whose audience nobody registered causes no fetch; no URL of the token is ever used.
import { isFault } from '../../../kit/fault.ts';
import { Refusal, shownValue } from '../../refusal.ts';
import { check, type Subject, type Tools } from '../check.ts';
import type { DecodedToken } from '../decode.ts';
import type { Registration, RegistrationList } from '../registrations.ts';

// A forged token that lists every client id there is must not make us ask every provider there is.
const fetchesPerToken = 4;

const lineFor = ({ issuer, audiences }: DecodedToken): string =>
  `Cannot find oauth_oidc_entity for issuer ${shownValue(issuer)} with client_ids [${shownValue(audiences.slice(0, 5).join(', '))}]`;

const refuseUnknownAudience = (decoded: DecodedToken, list: RegistrationList): Refusal => {
  const line = lineFor(decoded);
  const inactive = decoded.audiences.flatMap((audience) => list.byClientId.get(audience) ?? [])[0];
  if (inactive) {
    const which =
      inactive.configuration === '' ? 'an entity with a provider configuration' : 'an active entity and provider configuration';
    return new Refusal('entity_inactive', {
      line,
      expected: which,
      got: inactive.entityName,
      entity: inactive.entity,
      configuration: inactive.configuration,
    });
  }
  const ofIssuer = list.all.filter((one) => one.isActive && one.discoveredIssuer === decoded.issuer);
  if (ofIssuer.length === 0)
    return new Refusal('no_entity_for_issuer', { line, expected: 'a registered issuer', got: shownValue(decoded.issuer) });
  const clientIds = shownValue(ofIssuer.map((one) => one.clientId).join(', '));
  const { entity = '', configuration = '' } = ofIssuer.length === 1 ? (ofIssuer[0] ?? {}) : {};
  return new Refusal('audience_mismatch', {
    line,
    expected: clientIds,
    got: shownValue(decoded.audiences.join(', ')),
    entity,
    configuration,
  });
};

/** Registrations by how likely they are the issuer's: what they said when saved first, then those that cost no fetch. */
const byLikelihood = (candidates: readonly Registration[], issuer: string, { providers }: Tools): Registration[] => {
  const rank = (one: Registration) =>
    one.discoveredIssuer === issuer ? 0 : providers.isKnown(one.metadataUrl, one.cacheLifeMs) ? 1 : 2;
  return candidates
    .map((one) => ({ one, at: rank(one) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
};

const matchIssuer = async (candidates: readonly Registration[], subject: Subject & { decoded: DecodedToken }, tools: Tools) => {
  const matches: Registration[] = [];
  const issuers = new Set<string>();
  let unreachable: { registration: Registration; message: string } | undefined;
  let fetches = 0;
  for (const registration of byLikelihood(candidates, subject.decoded.issuer, tools)) {
    // A registration said to be of another issuer is only asked again when none is said to be of this one.
    if (matches.length > 0 && registration.discoveredIssuer !== '' && registration.discoveredIssuer !== subject.decoded.issuer)
      continue;
    if (!tools.providers.isKnown(registration.metadataUrl, registration.cacheLifeMs)) fetches += 1;
    if (fetches > fetchesPerToken) break;
    try {
      const { provider, isFresh } = await tools.providers.of(registration.metadataUrl, registration.cacheLifeMs, subject.say);
      issuers.add(provider.issuer);
      if (provider.issuer !== subject.decoded.issuer) continue;
      matches.push(registration);
      subject.provider = provider;
      subject.isProviderFresh = isFresh || subject.isProviderFresh === true;
    } catch (error) {
      if (!isFault(error)) throw error;
      unreachable ??= { registration, message: error.message };
    }
  }
  return { matches, issuers, unreachable };
};

export const registration = check('registration', ['decoded'], async (subject, tools) => {
  const { decoded } = subject;
  const list = await tools.registrations.current();
  const candidates = decoded.audiences.flatMap((audience) => (list.byClientId.get(audience) ?? []).filter((one) => one.isActive));
  if (candidates.length === 0) throw refuseUnknownAudience(decoded, list);
  const { matches, issuers, unreachable } = await matchIssuer(candidates, subject, tools);
  // Several registrations of one issuer among the audiences: the party the token was issued to decides, else the first audience.
  const party = decoded.claims.get('azp');
  const chosen = matches.find((one) => one.clientId === party) ?? matches[0];
  if (!chosen) {
    const { entity = '', configuration = '' } = candidates.length === 1 ? (candidates[0] ?? {}) : {};
    if (unreachable && issuers.size === 0) {
      const of = unreachable.registration;
      throw new Refusal('metadata_unreachable', {
        line: `OIDC metadata cannot be read: ${unreachable.message}`,
        expected: of.metadataUrl,
        got: unreachable.message,
        entity: of.entity,
        configuration: of.configuration,
      });
    }
    const expected = shownValue([...issuers].join(', '));
    throw new Refusal('issuer_mismatch', {
      line: lineFor(decoded),
      expected,
      got: shownValue(decoded.issuer),
      entity,
      configuration,
    });
  }
  if (matches.some((one) => one !== chosen && one.clientId === chosen.clientId)) {
    throw new Refusal('audience_mismatch', {
      line: lineFor(decoded),
      expected: 'one active entity for this issuer and client id',
      got: 'several',
    });
  }
  subject.registration = chosen;
  return { expected: `${shownValue(decoded.issuer)} for ${chosen.clientId}`, got: chosen.entityName };
});
