// Proof Key for Code Exchange (RFC 7636), S256 only: `plain` proves nothing to someone who saw the authorization request.
import { createHash } from 'node:crypto';
import { equalSecrets } from '../kit/fingerprint.ts';

/** Base64url of a SHA-256: 43 characters, no padding. */
export const isChallenge = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);

/** RFC 7636 §4.1: 43 to 128 unreserved characters. */
export const isVerifier = (text: string): boolean => /^[A-Za-z0-9._~-]{43,128}$/.test(text);

export const challengeOf = (verifier: string): string => createHash('sha256').update(verifier, 'ascii').digest('base64url');

export const verifierFits = (verifier: string, challenge: string): boolean =>
  isVerifier(verifier) && equalSecrets(challengeOf(verifier), challenge);
