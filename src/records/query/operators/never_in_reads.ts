// Tokens that stand for an event or for something kept elsewhere, and ask nothing about a stored row: they are understood as tokens
// (so that `stateCHANGESTO6` is no comparison with a field `state` and an odd value) and dropped as terms. A query that writes must
// match nothing then, which is why they are not simply true.
import type { Operator } from './operator.ts';

export const neverInReads: Operator = {
  tokens: ['VALCHANGES', 'CHANGESFROM', 'CHANGESTO', 'IN_HIERARCHY_DYNAMIC', 'DOESNOTHAVE', 'EXCLUDING'],
  bind: () => undefined,
};
