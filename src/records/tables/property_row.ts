// One row of sys_properties, as the lists of properties write it.
import { seedId } from '../seed_id.ts';

export const property = (name: string, type: string, value: string, description: string): Readonly<Record<string, string>> => ({
  sys_id: seedId('sys_properties', name),
  name,
  type,
  value,
  description,
});
