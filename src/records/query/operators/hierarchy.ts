// `assignment_groupIN_HIERARCHY<sys_id>`: that record or one below it, following `parent` in the referenced table.
import { cleanText } from '../../field_types/text.ts';
import type { Operator } from './operator.ts';

export const hierarchy: Operator = {
  tokens: ['IN_HIERARCHY'],
  bind({ path, value }, scope) {
    const isKey = path.field.element === 'sys_id';
    const table = isKey ? (path.steps.at(-1)?.target ?? scope.table) : scope.dictionary.table(path.field.reference);
    const parent = table?.fields.get('parent');
    const isTree = parent?.type === 'reference' && table?.chain.some(({ name }) => name === parent.reference);
    if (!table || !parent || !isTree || value === '') return undefined;
    if (!isKey && path.field.referenceKey !== 'sys_id' && path.field.referenceKey !== '') return undefined;
    return { kind: 'below', path, table, parent, root: cleanText(value) };
  },
};
