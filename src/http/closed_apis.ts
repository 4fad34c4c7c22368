// APIs that an administrator has closed by name: `glide.rest.apis.disabled`, as `Table API, Batch API` or `now/table`.
// To a caller a closed API is one that does not exist; who may call an open one is decided elsewhere.
import type { Properties } from '../records/properties.ts';
import type { Api } from './api.ts';

export const makeClosedApis = ({ properties }: { properties: Pick<Properties, 'get'> }) => {
  let [written, names]: [string, ReadonlySet<string>] = ['', new Set()];
  return async ({ name, title }: Pick<Api, 'name' | 'title'>): Promise<boolean> => {
    const said = await properties.get('glide.rest.apis.disabled');
    if (said === '') return false;
    if (said !== written) [written, names] = [said, new Set(said.split(',').map((one) => one.trim().toLowerCase()))];
    return names.has(name) || (title !== undefined && names.has(title.toLowerCase()));
  };
};
