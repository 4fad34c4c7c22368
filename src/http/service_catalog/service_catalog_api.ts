// The part of the Service Catalog API that places orders in one call: catalogues, items, their forms, order_now and submit_producer.
// No cart.
import type { Catalog } from '../../catalog/catalog.ts';
import { Fault } from '../../kit/fault.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { sayData } from '../say_data.ts';
import { catalogOperations } from './catalogs.ts';
import { readOrder } from './read_order.ts';
import { sayItem, sayVariable } from './say_item.ts';

export interface ServiceCatalogParts {
  catalog: Catalog;
}

const mostAtOnce = 1000;

const said = ({ accept }: Asked, result: Parameters<typeof sayData>[1]): Answer => ({
  status: 200,
  body: sayData(accept, result),
});

const noItem = (): Fault =>
  new Fault('bad_request', 'catalog.no_item', 'Invalid sys_id', { explanation: 'There is no such item, or it is not for you.' });

export const makeServiceCatalogApi = ({ catalog }: ServiceCatalogParts): Api => {
  const listItems = async (asked: Asked): Promise<Answer> => {
    const { parameters, caller } = asked;
    const items = await catalog.items(caller, {
      text: parameters.get('sysparm_text') ?? '',
      catalog: parameters.get('sysparm_catalog') ?? '',
      category: parameters.get('sysparm_category') ?? '',
      limit: Math.min(parameters.wholeNumber('sysparm_limit') ?? 10, mostAtOnce),
      offset: parameters.wholeNumber('sysparm_offset') ?? 0,
    });
    return said(asked, items.map(sayItem));
  };

  const formOf = async ({ caller, segments }: Asked) => {
    const found = await catalog.item(caller, segments.get('sys_id') ?? '');
    if (!found) throw noItem();
    return found;
  };

  const showItem = async (asked: Asked): Promise<Answer> => {
    const { item, form } = await formOf(asked);
    return said(asked, { ...sayItem(item), variables: form.map(sayVariable) });
  };

  const showVariables = async (asked: Asked): Promise<Answer> => said(asked, (await formOf(asked)).form.map(sayVariable));

  const orderNow = async (asked: Asked): Promise<Answer> => {
    const { table, sysId, number } = await catalog.order(asked.caller, await readOrder(asked, false));
    return said(asked, {
      sys_id: sysId,
      number,
      request_number: number,
      parent_id: null,
      request_id: sysId,
      parent_table: 'task',
      table,
    });
  };

  const submitProducer = async (asked: Asked): Promise<Answer> => {
    const { table, sysId, number } = await catalog.submit(asked.caller, await readOrder(asked, true));
    return said(asked, {
      sys_id: sysId,
      number,
      parent_id: null,
      record: `api/now/table/${table}/${sysId}`,
      redirect_portal_url: '',
      parent_table: 'task',
      redirect_url: `${table}.do?sys_id=${sysId}`,
      table,
      redirect_to: '',
    });
  };

  const one = '/servicecatalog/items/:sys_id';
  return {
    name: 'sn_sc/servicecatalog',
    title: 'Service Catalog API',
    base: '/api/sn_sc',
    versions: ['', 'v1'],
    operations: [
      ...catalogOperations(catalog),
      {
        method: 'GET',
        path: '/servicecatalog/items',
        summary: 'Lists what can be ordered',
        reads: ['sysparm_limit', 'sysparm_offset'],
        handle: listItems,
      },
      { method: 'GET', path: one, summary: 'An item with its form', handle: showItem },
      { method: 'GET', path: `${one}/variables`, summary: 'The form of an item', handle: showVariables },
      { method: 'POST', path: `${one}/order_now`, summary: 'Orders an item', handle: orderNow },
      { method: 'POST', path: `${one}/submit_producer`, summary: 'Makes the record of a form', handle: submitProducer },
    ],
  };
};
