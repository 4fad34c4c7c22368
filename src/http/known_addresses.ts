// Which methods an address takes, asked only where the router found no operation: what a wrong method is told, and whose address it is
// that a page of another origin asks for. The router would need a route for each method that is not there: six for each that is.
import type { IncomingMessage } from 'node:http';
import type { Api } from './api.ts';
import { pathOf } from './knock.ts';

export interface KnownAddress {
  readonly api: Api;
  /** '', 'v1', 'v2'. */
  readonly version: string;
  /** With HEAD where there is GET. */
  readonly offered: ReadonlySet<string>;
}

export const addressOf = (api: Api, version: string, path: string): string =>
  version === '' ? `${api.base}${path}` : `${api.base}/${version}${path}`;

const offeredMethods = (api: Api, path: string): Set<string> => {
  const offered = new Set<string>(api.operations.filter((one) => one.path === path).map(({ method }) => method));
  if (offered.has('GET')) offered.add('HEAD');
  return offered;
};

const segmentsOf = (address: string): string[] => address.replace(/\/$/, '').split('/');

const isOpen = (segment: string): boolean => segment.startsWith(':') || segment === '*';

/** `:table.do` is open up to its end; what is open may be empty. */
const fits = (wanted: string, segment: string | undefined = ''): boolean =>
  isOpen(wanted) ? segment.endsWith(wanted.replace(/^(?::\w+|\*)/, '')) : segment === wanted;

const matches = (pattern: readonly string[], segments: readonly string[]): boolean =>
  (pattern.at(-1) === '*' ? segments.length >= pattern.length : segments.length === pattern.length) &&
  pattern.every((wanted, at) => fits(wanted, segments[at]));

/** As the router does: what is written out goes before what is open. */
const byPrecision = (one: readonly string[], other: readonly string[]): number => {
  const at = one.findIndex((segment, index) => isOpen(segment) !== isOpen(other[index] ?? '*'));
  return at < 0 ? other.length - one.length : isOpen(one[at] ?? '') ? 1 : -1;
};

export interface KnownAddresses {
  /** The one that a request asks for with whatever method. */
  find(message: Pick<IncomingMessage, 'url'>): KnownAddress | undefined;
  /** Methods that an address does not take, and that the router would give to one with an open segment instead. */
  readonly mistaken: ReadonlyArray<{ readonly address: string; readonly methods: readonly string[] }>;
}

export const makeKnownAddresses = (apis: readonly Api[]): KnownAddresses => {
  const known = apis.flatMap((api) =>
    api.versions.flatMap((version) =>
      [...new Set(api.operations.map(({ path }) => path))].map((path) => ({
        api,
        version,
        offered: offeredMethods(api, path),
        segments: segmentsOf(addressOf(api, version, path)),
      })),
    ),
  );
  known.sort((one, other) => byPrecision(one.segments, other.segments));
  return {
    find(message) {
      const segments = segmentsOf(decoded(pathOf(message)));
      return known.find((each) => matches(each.segments, segments));
    },
    mistaken: known.flatMap(({ segments, offered }, at) => {
      const others = known.slice(at + 1).filter((each) => matches(each.segments, segments));
      const methods = others.flatMap((each) => [...each.offered]).filter((method) => !offered.has(method));
      return methods.length > 0 ? [{ address: segments.join('/'), methods: [...new Set(methods)] }] : [];
    }),
  };
};

/** The router refuses what cannot be decoded before anybody asks here. */
const decoded = (path: string): string => {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
};
