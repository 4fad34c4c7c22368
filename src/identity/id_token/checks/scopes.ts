// Are the token's scopes among those registered with the entity? Asked only where the entity has scopes registered and the token
// carries any: an ID token normally has none, and an entity without scopes takes every token of its provider.
import { Refusal, shownValue } from '../../refusal.ts';
import { check } from '../check.ts';

const listOf = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split(' ').filter(Boolean);
  return Array.isArray(value) ? value.map(String) : [];
};

export const scopes = check('scopes', ['decoded', 'registration'], ({ decoded, registration }) => {
  const carried = [...listOf(decoded.claims.get('scp')), ...listOf(decoded.claims.get('scope'))];
  if (registration.scopes.size === 0 || carried.length === 0) return { isIdle: true };
  const unregistered = carried.filter((scope) => !registration.scopes.has(scope));
  const expected = shownValue([...registration.scopes].join(' '));
  if (unregistered.length > 0) {
    throw new Refusal('scope_unregistered', {
      line: `Exception on token flow - invalid_scope: ${shownValue(unregistered.join(' '))}`,
      expected,
      got: shownValue(unregistered.join(' ')),
    });
  }
  return { expected, got: shownValue(carried.join(' ')) };
});
