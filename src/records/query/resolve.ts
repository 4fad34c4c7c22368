// Names → fields. Follows dots along references; must not look at rights (bind.ts does) nor at rows.
import type { Dictionary, Field, Table } from '../dictionary.ts';
import type { Path } from './bound.ts';

/** More steps than any real model needs; each costs a join. */
export const pathStepLimit = 8;

/** The path that `text` names from `table`, or undefined when any part of it is no field, or no reference where one is needed. */
export const resolvePath = (dictionary: Dictionary, table: Table, text: string): Path | undefined => {
  const names = text.split('.');
  if (names.length > pathStepLimit + 1) return undefined;
  const steps: Array<{ field: Field; target: Table }> = [];
  let at = table;
  for (const name of names.slice(0, -1)) {
    const field = at.fields.get(name);
    const target = field?.type === 'reference' && field.column !== '' ? dictionary.table(field.reference) : undefined;
    if (!field || !target) return undefined;
    steps.push({ field, target });
    at = target;
  }
  const field = at.fields.get(names.at(-1) ?? '');
  return field && { text, steps, field };
};

/** The path of a field of the table itself. */
export const ownPath = (field: Field): Path => ({ text: field.element, steps: [], field });

/** One step further, along the reference that `path` ends in. */
export const extendPath = (dictionary: Dictionary, path: Path, field: Field): Path | undefined => {
  const target = dictionary.table(path.field.reference);
  return target && { text: `${path.text}.${field.element}`, steps: [...path.steps, { field: path.field, target }], field };
};

/**
 * The text that stands for the record a reference points to: the target's display field, and where that is a reference itself, the
 * display field behind it. Undefined where nothing can be shown.
 */
export const displayPath = (dictionary: Dictionary, reference: Path): Path | undefined => {
  let path: Path | undefined = reference;
  for (let depth = 0; depth < 4 && path; depth += 1) {
    const shown: Field | undefined = dictionary.table(path.field.reference)?.displayField;
    path = shown && shown.column !== '' ? extendPath(dictionary, path, shown) : undefined;
    if (path && path.field.type !== 'reference') return path;
  }
  return undefined;
};
