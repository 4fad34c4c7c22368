// What was ordered, as it travels beside a provider task's fields and as it is kept in it. Pure.
import type { Answer } from '../../catalog/read_answers.ts';

export interface OrderedVariable {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly display: string;
}

export interface Ordered {
  /** The provider's item, and the revision of it that the consumer had active. */
  readonly item: string;
  readonly revision: string;
  /** Of the provider task, on both sides. */
  readonly sysId: string;
  readonly requestedFor: string;
  readonly variables: readonly OrderedVariable[];
}

const mostVariables = 500;
const longestText = 4000;

export const orderedVariables = (answers: readonly Answer[]): OrderedVariable[] =>
  answers.map(({ variable: { name, label }, value, display }) => ({ name, label, value, display }));

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.length <= longestText ? value : undefined;

const readVariable = (given: unknown): OrderedVariable | undefined => {
  const each = (given ?? {}) as Record<string, unknown>;
  const [name, label, value, display] = [text(each.name), text(each.label), text(each.value), text(each.display)];
  if (!name || label === undefined || value === undefined || display === undefined) return undefined;
  return { name, label, value, display };
};

/** Undefined when it is not what this version of the protocol says. */
export const readVariables = (given: unknown): OrderedVariable[] | undefined => {
  if (!Array.isArray(given) || given.length > mostVariables) return undefined;
  const read = given.map(readVariable).filter((each) => each !== undefined);
  return read.length === given.length ? read : undefined;
};

/** Undefined when it is not what this version of the protocol says. */
export const readOrdered = (given: unknown): Ordered | undefined => {
  const order = (given ?? {}) as Record<string, unknown>;
  const [item, revision, sysId] = [text(order.item), text(order.revision), text(order.sys_id)];
  const variables = readVariables(order.variables);
  if (!item || !sysId || revision === undefined || !/^\d{1,9}$/.test(revision) || !variables) return undefined;
  return { item, revision, sysId, requestedFor: (text(order.requested_for) ?? '').slice(0, 255), variables };
};

/** The opposite of `readOrdered`. */
export const writeOrdered = ({ item, revision, sysId, requestedFor, variables }: Ordered): unknown => ({
  item,
  revision,
  sys_id: sysId,
  requested_for: requestedFor,
  variables,
});
