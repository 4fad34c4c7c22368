// The CMDB Instance API: configuration items together with what ties them to others. The same rows are in the Table API, as
// cmdb_ci and cmdb_rel_ci. Nothing is identified here: a POST makes a new item.
import type { Clock } from '../../kit/clock.ts';
import type { Records } from '../../records/records.ts';
import type { Api } from '../api.ts';
import { addRelations, createItem, removeRelation, updateItem } from './change.ts';
import { listItems, readItem } from './read.ts';

export interface CmdbParts {
  records: Records;
  clock: Clock;
}

export const makeCmdbApi = (parts: CmdbParts): Api => {
  const one = '/cmdb/instance/:table/:sys_id';
  const update = updateItem(parts);
  return {
    name: 'now/cmdb',
    title: 'CMDB Instance API',
    base: '/api/now',
    versions: ['', 'v1'],
    operations: [
      {
        method: 'GET',
        path: '/cmdb/instance/:table',
        summary: 'Lists the items of a class',
        reads: ['sysparm_query', 'sysparm_limit', 'sysparm_offset'],
        handle: listItems(parts),
      },
      { method: 'POST', path: '/cmdb/instance/:table', summary: 'Makes an item, with its relations', handle: createItem(parts) },
      { method: 'GET', path: one, summary: 'An item with its relations', handle: readItem(parts) },
      { method: 'PUT', path: one, summary: 'Changes attributes of an item', handle: update },
      { method: 'PATCH', path: one, summary: 'Changes attributes of an item', handle: update },
      { method: 'POST', path: `${one}/relation`, summary: 'Adds relations to an item', handle: addRelations(parts) },
      { method: 'DELETE', path: `${one}/relation/:relation`, summary: 'Removes a relation', handle: removeRelation(parts) },
    ],
  };
};
