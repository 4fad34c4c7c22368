// Orders an item: a request, a requested item and the answers, in one transaction with whatever delivers it. Made in the name of whoever
// orders, with the rights of the catalogue: nobody needs a right on requests to ask for something.
import { Fault } from '../kit/fault.ts';
import { type Caller, hasRole, inNameOf } from '../records/caller.ts';
import { isSysId } from '../records/field_types/reference.ts';
import type { Records, RecordsInTransaction, Row } from '../records/records.ts';
import type { Transaction } from '../store/store.ts';
import { producedValues } from './produced_values.ts';
import { type Answer, describeAnswers, readAnswers } from './read_answers.ts';
import { readForm } from './read_form.ts';

/** Somebody who delivers items of a table, and is told of each order in its transaction. Throws Fault to refuse the order. */
export interface Deliverer {
  readonly itemTable: string;
  deliver(transaction: Transaction, order: Order): Promise<Made>;
}

export interface Order {
  readonly caller: Caller;
  readonly item: Row;
  readonly answers: readonly Answer[];
  readonly quantity: number;
  /** sys_id of a user. */
  readonly requestedFor: string;
  /** The requested item it belongs to; undefined where the form makes a record of its own. */
  readonly requestedItem: Row | undefined;
}

export interface Made {
  readonly table: string;
  readonly sysId: string;
  readonly number: string;
}

export interface OrderRequest {
  readonly item: string;
  readonly variables: ReadonlyMap<string, unknown>;
  readonly quantity: number;
  /** '' for oneself. */
  readonly requestedFor: string;
}

export interface OrderParts {
  records: Pick<Records, 'write' | 'within' | 'get' | 'dictionary'>;
  deliverers: () => readonly Deliverer[];
}

const refusedItem = (): Fault =>
  new Fault('bad_request', 'catalog.item_refused', 'Security constraints prevent ordering of Item', {
    explanation: 'There is no such item, or it is not for you.',
  });

const made = (table: string, row: Row): Made => ({ table, sysId: row.sys_id ?? '', number: row.number ?? '' });

export const makeOrders = ({ records, deliverers }: OrderParts) => {
  const findItem = async (within: RecordsInTransaction, caller: Caller, sysId: string): Promise<Row> => {
    const [base] = await within.findBy('sc_cat_item', { sys_id: sysId, active: 'true' }, { limit: 1 });
    const isReader = caller.isGuest || (caller.roles.has('snc_read_only') && !caller.roles.has('admin'));
    if (!base || isReader) throw refusedItem();
    const [item] = await within.findBy(base.sys_class_name || 'sc_cat_item', { sys_id: sysId }, { limit: 1 });
    return item ?? base;
  };

  const prepare = async (within: RecordsInTransaction, caller: Caller, request: OrderRequest) => {
    const item = await findItem(within, caller, request.item);
    const answers = readAnswers(await readForm(within, request.item), request.variables);
    const requestedFor = request.requestedFor || caller.userSysId;
    if (requestedFor !== caller.userSysId && !hasRole(caller, 'itil', 'catalog_admin'))
      throw new Fault('forbidden', 'catalog.not_for_others', 'User Not Authorized', {
        explanation: 'Ordering for somebody else needs the role itil or catalog_admin.',
      });
    const [person] = await within.findBy('sys_user', { sys_id: requestedFor, active: 'true' }, { limit: 1 });
    if (!person)
      throw new Fault('bad_request', 'catalog.requested_for_unknown', 'Invalid requested for', {
        explanation: 'There is no such active user.',
      });
    const deliverer = deliverers().find(({ itemTable }) => itemTable === item.sys_class_name);
    return { order: { caller, item, answers, quantity: request.quantity, requestedFor }, deliverer };
  };

  const keepAnswers = async (within: RecordsInTransaction, caller: Caller, requestedItem: Row, answers: readonly Answer[]) => {
    for (const { variable, value } of answers) {
      const values = { item_option_new: variable.sysId, value, order: String(variable.order) };
      const option = await within.insert(caller, 'sc_item_option', values);
      const owner = { request_item: requestedItem.sys_id ?? '', sc_item_option: option.sys_id ?? '' };
      await within.insert(caller, 'sc_item_option_mtom', owner);
    }
  };

  const requireItemId = (sysId: string): void => {
    if (!isSysId(sysId)) throw refusedItem();
  };

  return {
    /** Answers the request. Throws `catalog.item_refused`, `catalog.mandatory_variables`, `catalog.bad_variable`. */
    async order(caller: Caller, request: OrderRequest): Promise<Made> {
      requireItemId(request.item);
      return records.write(async (transaction) => {
        const within = records.within(transaction);
        const { order, deliverer } = await prepare(within, caller, request);
        const { item, answers, requestedFor, quantity } = order;
        const name = inNameOf(caller);
        const person = { requested_for: requestedFor, opened_by: caller.userSysId };
        const wanted = await within.insert(name, 'sc_request', { ...person, short_description: item.name ?? '' });
        const requestedItem = await within.insert(name, 'sc_req_item', {
          ...person,
          request: wanted.sys_id ?? '',
          cat_item: item.sys_id ?? '',
          quantity: String(quantity),
          price: item.price ?? '',
          short_description: item.short_description || (item.name ?? ''),
          description: describeAnswers(answers),
        });
        await keepAnswers(within, name, requestedItem, answers);
        await deliverer?.deliver(transaction, { ...order, requestedItem });
        return made('sc_request', wanted);
      });
    },

    /** Answers the record that the form made. Throws as `order` does. */
    async submit(caller: Caller, request: OrderRequest): Promise<Made> {
      requireItemId(request.item);
      return records.write(async (transaction) => {
        const within = records.within(transaction);
        const { order, deliverer } = await prepare(within, caller, request);
        const { item, answers } = order;
        if (deliverer) return deliverer.deliver(transaction, { ...order, requestedItem: undefined });
        const table = records.dictionary().table(item.table_name ?? '');
        // What a form makes, it makes without anybody's rights: tasks only, and none that speak for us elsewhere.
        const isTask =
          table?.chain.some(({ name }) => name === 'task') && !table.chain.some(({ name }) => name.startsWith('sn_sb_'));
        if (!table || !isTask) throw refusedItem();
        return made(table.name, await within.insert(inNameOf(caller), table.name, producedValues(item, answers)));
      });
    },
  };
};

export type Orders = ReturnType<typeof makeOrders>;
