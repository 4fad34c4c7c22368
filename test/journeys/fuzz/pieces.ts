// The pieces of an address: names, values, encoded queries and parameters, good ones and hostile ones.
// How hostile a request is, is thrown once for all of it: where every piece may be bad, hardly any request gets past the door.
import type { Chance } from './chance.ts';
import { fields, hostile, operators, tables, values } from './words.ts';

export interface Dice extends Chance {
  /** From 0, a good client, to 1: how often a hostile word stands where a good one should. */
  readonly hostility: number;
}

export const strange = (dice: Chance): string => dice.one(hostile) + (dice.is(0.2) ? dice.one(hostile).slice(0, 50) : '');

/** True where this request does something wrong, `weight` times as often as it is hostile. */
export const isWrong = (dice: Dice, weight = 1): boolean => dice.is(dice.hostility * weight);

export const word = (dice: Dice, good: readonly string[], weight = 1): string =>
  isWrong(dice, weight) ? strange(dice) : dice.one(good);

/** Requests about one record meet: they all name one of these. */
const poolSize = 40;
export const poolId = (dice: Chance): string => `f0220000000000000000${String(dice.below(poolSize)).padStart(12, '0')}`;

export const table = (dice: Dice): string => word(dice, tables);
export const field = (dice: Dice): string => word(dice, fields);
export const value = (dice: Dice): string => word(dice, values, 2);
export const recordId = (dice: Dice): string => (isWrong(dice) ? value(dice) : poolId(dice));

const term = (dice: Dice): string => {
  if (dice.is(0.08)) return `${dice.one(['ORDERBY', 'ORDERBYDESC', 'GROUPBY', 'EQ'])}${field(dice)}`;
  return isWrong(dice) ? strange(dice) : `${field(dice)}${word(dice, operators)}${value(dice)}`;
};

export const query = (dice: Dice): string => {
  const [first = '', ...others] = dice.several(1, 5, () => term(dice));
  return others.reduce((text, next) => `${text}${dice.one(['^', '^', '^OR', '^NQ'])}${isWrong(dice) ? '^' : ''}${next}`, first);
};

const words = (dice: Dice): string => dice.several(1, 8, () => field(dice)).join(dice.one([',', ', ', ',,']));
export const yesOrNo = (dice: Dice): string => word(dice, ['true', 'True', 'FALSE', 'false', 'all', '', '1']);
const amount = (dice: Dice): string => word(dice, ['0', '1', '5', '20', '', '10', '100']);
const order = (dice: Dice): string => `${field(dice)}${dice.one(['', '^DESC', '^ASC', '^'])}`;
const having = (dice: Dice): string =>
  `${word(dice, ['count', 'AVG', 'sum'])}^${field(dice)}^${word(dice, ['>', '=', '<='])}^${value(dice)}`;

const parameters: readonly [name: string, make: (dice: Dice) => string][] = [
  ['sysparm_query', query],
  ['sysparm_query', query],
  ['sysparm_fields', words],
  ['sysparm_limit', amount],
  ['sysparm_offset', amount],
  ['sysparm_display_value', yesOrNo],
  ['sysparm_exclude_reference_link', yesOrNo],
  ['sysparm_input_display_value', yesOrNo],
  ['sysparm_suppress_pagination_header', yesOrNo],
  ['sysparm_suppress_auto_sys_field', yesOrNo],
  ['sysparm_no_count', yesOrNo],
  ['sysparm_view', (dice) => word(dice, ['', 'desktop', 'mobile'])],
  ['sysparm_query_category', value],
  ['sysparm_query_no_domain', yesOrNo],
  ['sysparm_count', yesOrNo],
  ['sysparm_avg_fields', words],
  ['sysparm_min_fields', words],
  ['sysparm_max_fields', words],
  ['sysparm_sum_fields', words],
  ['sysparm_group_by', words],
  ['sysparm_order_by', (dice) => dice.several(1, 3, () => order(dice)).join(',')],
  ['sysparm_having', having],
  ['table_name', table],
  ['table_sys_id', recordId],
  ['file_name', value],
  ['namespace', (dice) => word(dice, ['now', ''])],
  ['name', value],
  ['format', (dice) => word(dice, ['json', 'yaml'])],
  ['version', (dice) => word(dice, ['v1', 'v2', 'latest'])],
];

const broken = ['%', '%zz', '%c0%af', '%ed%a0%80', '%00', '%e2%82'];

/** As a client encodes it; rarely as one that does not, or does it wrong. */
export const encode = (dice: Dice, text: string): string => {
  const encoded = encodeURIComponent(text.toWellFormed());
  if (!isWrong(dice, 0.3)) return encoded;
  return dice.is(0.5) ? text.replace(/[^\u0021-\u00ff]|[?#&]/g, '') : encoded + dice.one(broken);
};

/** With its question mark; '' when there is none. `only` names the parameters that mean something there. */
export const queryString = (dice: Dice, only?: readonly string[]): string => {
  const offered = only ? parameters.filter(([name]) => only.includes(name)) : parameters;
  const pairs = dice.several(0, 5, () => {
    if (dice.is(0.08)) return `${encode(dice, field(dice))}=${encode(dice, value(dice))}`;
    const [name, make] = dice.one(offered);
    return `${encode(dice, isWrong(dice, 0.3) ? strange(dice) : name)}=${encode(dice, make(dice))}`;
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
};

export const version = (dice: Dice): string => word(dice, ['', '', '/v1', '/v2'], 0.3);
