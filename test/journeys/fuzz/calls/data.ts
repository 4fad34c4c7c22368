// Calls of the Table API and the Aggregate API, and of the Table API on the dictionary itself.

import { nothing, payload, record } from '../payloads.ts';
import { type Dice, encode, isWrong, queryString, recordId, strange, table, value, version, word } from '../pieces.ts';
import type { Call } from '../requests.ts';
import { writableTables } from '../words.ts';

const reading = new Set(['GET', 'HEAD']);

export const tableCall = (dice: Dice): Call => {
  const method = dice.one(['GET', 'GET', 'GET', 'GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']);
  const name = reading.has(method) ? table(dice) : word(dice, writableTables);
  const isOne = method === 'GET' || method === 'HEAD' ? dice.is(0.3) : (method === 'POST') === isWrong(dice, 0.5);
  const path = `/api/now${version(dice)}/table/${encode(dice, name)}${isOne ? `/${encode(dice, recordId(dice))}` : ''}`;
  return { method, path: `${path}${queryString(dice)}`, ...(reading.has(method) ? nothing : payload(dice, record(dice))) };
};

/** Tables and fields come into being, but only so many names are tried: what is made stays. */
export const dictionaryCall = (dice: Dice): Call => {
  const name = word(dice, ['u_fuzz_1', 'u_fuzz_2', 'u_fuzz_3']);
  const asked = queryString(dice);
  if (dice.is(0.4)) {
    const made = { name, label: value(dice), super_class: word(dice, ['', 'task', 'incident']), is_extendable: value(dice) };
    return { method: 'POST', path: `/api/now/table/sys_db_object${asked}`, ...payload(dice, made) };
  }
  const made = {
    name: dice.is(0.7) ? name : 'incident',
    element: word(dice, ['u_text', 'u_number', 'u_other']),
    internal_type: word(dice, ['string', 'integer', 'reference', 'boolean', 'glide_date_time', 'journal', 'choice', 'decimal']),
    max_length: isWrong(dice) ? value(dice) : '100',
    reference: table(dice),
    default_value: value(dice),
    column_label: isWrong(dice) ? strange(dice) : 'A label',
  };
  return { method: 'POST', path: `/api/now/table/sys_dictionary${asked}`, ...payload(dice, made) };
};

const measures = ['count', 'avg_fields', 'min_fields', 'max_fields', 'sum_fields', 'group_by', 'order_by', 'having'];
const asked = ['query', ...measures, 'display_value'].map((name) => `sysparm_${name}`);

export const statsCall = (dice: Dice): Call => ({
  method: dice.one(['GET', 'GET', 'GET', 'HEAD']),
  path: `/api/now${version(dice)}/stats/${encode(dice, table(dice))}${queryString(dice, asked)}`,
  ...nothing,
});
