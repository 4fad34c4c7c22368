// Judges where a call out may go: the URL before anything else, the address when the connection is made.
// Must not connect to anything.
import type { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressRules } from './addresses.ts';
import { Fault } from './fault.ts';

const refused = (why: string): Fault => new Fault('bad_request', 'kit.outbound_refused', `This URL is never called: ${why}`);
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
const isLoopbackName = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');

/** Throws `kit.outbound_refused` for a URL that is never called, whatever its name resolves to. */
export const permitUrl = (rules: AddressRules, text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw refused('it is not a URL');
  if (url.username || url.password) throw refused('it carries a user name or password');
  const host = hostOf(url);
  if (url.protocol === 'http:') {
    if (!isLoopbackName(host) && !rules.isLoopback(host)) throw refused('plain http is for loopback hosts only');
  } else if (url.protocol !== 'https:') throw refused('only https is spoken, and http to loopback');
  if (isIP(host) !== 0 && rules.isForbidden(host))
    throw refused('link-local, multicast, unspecified and metadata addresses are closed');
  return url;
};

/** Resolves and judges: every address of the name must be allowed, and be loopback where that is demanded. */
export const guardedLookup =
  (rules: AddressRules, resolve: typeof systemLookup, loopbackOnly: boolean): LookupFunction =>
  (host, options, answer) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return answer(error ?? new Error('the name has no address'), '', 0);
      const bad = addresses.find(({ address }) => rules.isForbidden(address) || (loopbackOnly && !rules.isLoopback(address)));
      if (bad)
        return answer(refused(`its name leads to a ${loopbackOnly ? 'host that is not loopback' : 'closed address'}`), '', 0);
      return options.all ? answer(null, addresses) : answer(null, first.address, first.family);
    });
  };
