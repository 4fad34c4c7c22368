// The body of an order: quantity, variables and for whom. Throws Fault in the original's words; must not look at the item.

import type { OrderRequest } from '../../catalog/order_item.ts';
import { Fault } from '../../kit/fault.ts';
import { isObject } from '../../kit/is_object.ts';
import type { Asked } from '../api.ts';

const mostItems = 1000;

const bad = (code: string, message: string, explanation: string): Fault =>
  new Fault('bad_request', code, message, { explanation });

const readQuantity = (given: unknown): number => {
  const quantity = typeof given === 'string' && /^\d{1,6}$/.test(given.trim()) ? Number(given) : given;
  if (typeof quantity === 'number' && Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= mostItems) return quantity;
  throw bad('catalog.bad_quantity', 'Invalid quantity value', `sysparm_quantity is a whole number from 1 to ${mostItems}.`);
};

const readVariables = (given: unknown): ReadonlyMap<string, unknown> => {
  if (given === undefined || given === null) return new Map();
  if (isObject(given)) return new Map(Object.entries(given));
  throw bad('catalog.bad_order', 'Exception while reading request', 'variables is an object of names and values.');
};

/** `isProducer`: a form that makes a record has no quantity. */
export const readOrder = async (asked: Asked, isProducer: boolean): Promise<OrderRequest> => {
  const body = (await asked.json()) ?? {};
  if (typeof body !== 'object' || Array.isArray(body))
    throw bad('catalog.bad_order', 'Exception while reading request', 'The payload must be a JSON object.');
  const values = new Map(Object.entries(body));
  const requestedFor = values.get('sysparm_requested_for') ?? '';
  if (typeof requestedFor !== 'string')
    throw bad('catalog.bad_order', 'Exception while reading request', 'sysparm_requested_for is the sys_id of a user.');
  return {
    item: asked.segments.get('sys_id') ?? '',
    variables: readVariables(values.get('variables')),
    quantity: isProducer ? 1 : readQuantity(values.get('sysparm_quantity')),
    requestedFor,
  };
};
