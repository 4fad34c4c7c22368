// Which operators ask for a value itself, and which for a range or a pattern by which values can be guessed: access rules for
// queries tell the two apart (the vendor's page on query ACLs lists the first; all others are of the second kind).
import type { QueryKind } from '../../rights.ts';

const asksForValue: ReadonlySet<string> = new Set([
  '=',
  '!=',
  'IN',
  'NOT IN',
  'SAMEAS',
  'NSAMEAS',
  'ANYTHING',
  'EMPTYSTRING',
  'ISEMPTYSTRING',
  'ISEMPTY',
  'ISNOTEMPTY',
]);

export const queryKindOf = (operator: string): QueryKind => (asksForValue.has(operator) ? 'match' : 'range');
