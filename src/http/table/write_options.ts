// The sysparm_* of POST, PUT and PATCH. It must not read the body.
import type { WriteOptions } from '../../records/records.ts';
import type { Asked } from '../api.ts';
import { readOptions } from './read_options.ts';

export const writeOptions = ({ parameters }: Pick<Asked, 'parameters'>): WriteOptions => {
  const { fields, display } = readOptions(parameters);
  return {
    fields,
    display,
    valuesAreDisplay: parameters.isTrue('sysparm_input_display_value'),
    suppressAutoSysField: parameters.isTrue('sysparm_suppress_auto_sys_field'),
  };
};
