// `sys_class_nameINSTANCEOFtask`: records of that table or of one that extends it.
import type { Operator } from './operator.ts';

export const instanceOf: Operator = {
  tokens: ['INSTANCEOF'],
  bind({ path, value }, { dictionary }) {
    if (path.field.columnType !== 'text_nocase' && path.field.columnType !== 'text') return undefined;
    const names = dictionary.table(value)?.descendants.map(({ name }) => name) ?? [];
    return { kind: 'equals', path, values: names, isNegated: false };
  },
};
