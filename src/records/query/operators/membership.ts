// `IN` and `NOT IN` with a comma list. Blank items count for nothing; `NOT IN` also matches fields that are empty.
import type { Value } from '../../../store/store.ts';
import { isScript } from '../call.ts';
import { among } from './among.ts';
import { meantValues } from './equality.ts';
import type { Operator } from './operator.ts';

export const membership: Operator = {
  tokens: ['IN', 'NOT IN'],
  bind({ path, operator, value }, scope) {
    const texts = isScript(value) ? [value] : value.split(',').filter((text) => text.trim() !== '');
    const values = new Set<Value>();
    for (const text of texts) {
      const meant = meantValues(path, path.field.columnType === 'text_nocase' ? text : text.trim(), scope);
      if (!meant) return undefined;
      for (const each of meant) values.add(each);
    }
    return among(path, [...values], operator === 'NOT IN');
  },
};
