// An item of the catalogue and its variables as the original's Service Catalog API says them. Pure.
import type { FormVariable } from '../../catalog/read_form.ts';
import type { Row } from '../../records/records.ts';
import type { Data } from '../say_data.ts';

const producers = /(^sc_cat_item_producer$|_record_producer$)/;

const typeNames: ReadonlyMap<string, string> = new Map([
  ['1', 'Yes / No'],
  ['2', 'Multi Line Text'],
  ['3', 'Multiple Choice'],
  ['5', 'Select Box'],
  ['6', 'Single Line Text'],
  ['7', 'CheckBox'],
  ['9', 'Date'],
  ['10', 'Date/Time'],
  ['16', 'Wide Single Line Text'],
  ['26', 'Email'],
]);

export const sayItem = (item: Row): Record<string, Data> => ({
  sys_id: item.sys_id ?? '',
  name: item.name ?? '',
  short_description: item.short_description ?? '',
  description: item.description ?? '',
  sys_class_name: item.sys_class_name ?? '',
  type: producers.test(item.sys_class_name ?? '') ? 'record_producer' : 'catalog_item',
  price: item.price ?? '',
  recurring_price: item.recurring_price ?? '',
  order: Number(item.order || 0),
  category: item.category ?? '',
  catalogs: (item.sc_catalogs ?? '').split(',').filter((sysId) => sysId !== ''),
});

export const sayVariable = (variable: FormVariable): Record<string, Data> => ({
  id: variable.sysId,
  name: variable.name,
  label: variable.label,
  type: Number(variable.type),
  friendly_type: (typeNames.get(variable.type) ?? '').toLowerCase().replaceAll(/[ /]+/g, '_'),
  display_type: typeNames.get(variable.type) ?? '',
  mandatory: variable.isMandatory,
  value: variable.defaultValue,
  displayvalue: variable.defaultValue,
  help_text: variable.helpText,
  active: true,
  choices: variable.choices.map(({ value, text }, index) => ({ label: text, value, index })),
});
