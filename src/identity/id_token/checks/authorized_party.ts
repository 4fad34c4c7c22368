// A token made for several audiences says to whom it was issued: that party must be one we know from the same issuer.
import { Refusal, shownValue } from '../../refusal.ts';
import { check } from '../check.ts';

export const authorizedParty = check(
  'authorized_party',
  ['decoded', 'registration'],
  async ({ decoded, registration }, tools) => {
    const party = decoded.claims.get('azp');
    if (decoded.audiences.length === 1 || party === undefined) return { isIdle: true };
    const list = await tools.registrations.current();
    const isKnown =
      typeof party === 'string' &&
      (list.byClientId.get(party) ?? []).some((one) => one.isActive && one.metadataUrl === registration.metadataUrl);
    if (!isKnown) {
      throw new Refusal('audience_mismatch', {
        expected: `azp ${registration.clientId}, or another client of this issuer`,
        got: `azp ${shownValue(party)}`,
      });
    }
    return { expected: 'a known party', got: shownValue(party) };
  },
);
