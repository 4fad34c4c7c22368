// Where a table and a record live, as links say it. It must not know who may go there.
import type { Asked } from '../api.ts';

type Place = Pick<Asked, 'base' | 'version'>;

/** `https://host/api/now` or `https://host/api/now/v2`. */
export const apiAddress = ({ base, version }: Place): string => `${base}/api/now${version === '' ? '' : `/${version}`}`;

export const tableAddress = (place: Place, table: string): string => `${apiAddress(place)}/table/${encodeURIComponent(table)}`;

export const recordAddress = (place: Place, table: string, sysId: string): string =>
  `${tableAddress(place, table)}/${encodeURIComponent(sysId)}`;
