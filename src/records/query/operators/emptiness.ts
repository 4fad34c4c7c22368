// Empty, not empty, anything. An empty text and no value at all are stored as the same, so EMPTYSTRING asks what ISEMPTY asks.
import { always } from '../bound.ts';
import type { Operator } from './operator.ts';

export const emptiness: Operator = {
  tokens: ['ISEMPTY', 'EMPTYSTRING', 'ISEMPTYSTRING', 'ISNOTEMPTY', 'ANYTHING'],
  bind({ path, operator, value }) {
    if (value !== '') return undefined;
    return operator === 'ANYTHING' ? always : { kind: 'empty', path, isNegated: operator === 'ISNOTEMPTY' };
  },
};
