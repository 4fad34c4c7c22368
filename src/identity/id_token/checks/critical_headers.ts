// Does the token demand extensions? We know none, and RFC 7515 §4.1.11 then demands that it is refused.
import { Refusal, shownValue } from '../../refusal.ts';
import { check } from '../check.ts';

export const criticalHeaders = check('critical_headers', ['decoded'], ({ decoded }) => {
  if (decoded.header.has('crit')) {
    throw new Refusal('malformed_jwt', { expected: 'no crit header', got: `crit ${shownValue(decoded.header.get('crit'))}` });
  }
  // Without crit it has no meaning, and a signer who means it signs other bytes than we read (RFC 7797 §6).
  if (decoded.header.has('b64')) throw new Refusal('malformed_jwt', { expected: 'no b64 header', got: 'b64' });
  return { expected: 'none', got: 'none' };
});
