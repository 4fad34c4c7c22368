// The form of an item of the catalogue: its variables in their order, with the answers that may be chosen. Must not change rows.
import type { Row, Values } from '../records/records.ts';

export interface FormVariable {
  readonly sysId: string;
  readonly name: string;
  readonly label: string;
  /** Of the original's numbers. */
  readonly type: string;
  readonly isMandatory: boolean;
  readonly order: number;
  readonly defaultValue: string;
  readonly helpText: string;
  /** Field of the record that a producer makes; '' for none. */
  readonly mapsTo: string;
  readonly choices: readonly { readonly value: string; readonly text: string }[];
}

type FindBy = { findBy(table: string, match: Values): Promise<Row[]> };

export const chosenTypes: ReadonlySet<string> = new Set(['3', '5']);

/** Types of variables that a form here can have. */
export const knownTypes: ReadonlySet<string> = new Set(['1', '2', '3', '5', '6', '7', '9', '10', '16', '26']);

const byOrder = (a: Row, b: Row): number => Number(a.order || 0) - Number(b.order || 0);

export const readForm = async (within: FindBy, item: string): Promise<FormVariable[]> => {
  const rows = (await within.findBy('item_option_new', { cat_item: item, active: 'true' })).sort(byOrder);
  const form: FormVariable[] = [];
  for (const row of rows) {
    const offered = chosenTypes.has(row.type ?? '') ? await within.findBy('question_choice', { question: row.sys_id ?? '' }) : [];
    form.push({
      sysId: row.sys_id ?? '',
      name: row.name ?? '',
      label: row.question_text || (row.name ?? ''),
      type: row.type ?? '',
      isMandatory: row.mandatory === 'true',
      order: Number(row.order || 0),
      defaultValue: row.default_value ?? '',
      helpText: row.help_text ?? '',
      mapsTo: row.map_to_field === 'true' ? (row.field ?? '') : '',
      choices: offered
        .filter(({ inactive }) => inactive !== 'true')
        .sort(byOrder)
        .map(({ value = '', text = '' }) => ({ value, text: text || value })),
    });
  }
  return form;
};
