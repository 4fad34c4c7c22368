// The signature algorithms an outsider's token may use, and which key fits which. `none` and HS* are never here.
// Must not listen to what a provider's metadata lists.

export interface Algorithm {
  readonly name: string;
  readonly keyType: 'RSA' | 'EC' | 'OKP';
  readonly curve?: string;
}

const list: readonly Algorithm[] = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((name) => ({ name, keyType: 'RSA' as const })),
  { name: 'ES256', keyType: 'EC', curve: 'P-256' },
  { name: 'ES384', keyType: 'EC', curve: 'P-384' },
  { name: 'ES512', keyType: 'EC', curve: 'P-521' },
  { name: 'EdDSA', keyType: 'OKP', curve: 'Ed25519' },
  // The same under the name that says which curve (RFC 9864).
  { name: 'Ed25519', keyType: 'OKP', curve: 'Ed25519' },
];

export const algorithmNames: readonly string[] = list.map(({ name }) => name);

export const algorithmNamed = (name: string): Algorithm | undefined => list.find((algorithm) => algorithm.name === name);
