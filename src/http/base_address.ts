// The public address that links are built from: the setting, else what a trusted proxy says, else where we listen.
// It must not believe the Host header of just anyone: a link must lead back to us.
import { BlockList, isIP } from 'node:net';

export interface BaseAddress {
  of(request: { remoteAddress: string; headers: Readonly<Record<string, string | string[] | undefined>> }): string;
  isTrusted(address: string): boolean;
}

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

const makeTrusted = (networks: readonly string[]): ((address: string) => boolean) => {
  if (networks.length === 0) return () => false;
  const list = new BlockList();
  for (const network of networks.flatMap((word) => (Object.hasOwn(named, word) ? (named[word] ?? []) : [word]))) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return (written) => {
    const address = written.replace(/^::ffff:(?=\d+\.)/, '');
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
};

const firstOf = (header: string | string[] | undefined): string => {
  const text = Array.isArray(header) ? (header[0] ?? '') : (header ?? '');
  return text.split(',')[0]?.trim() ?? '';
};

const isHost = (text: string): boolean => /^(?:[A-Za-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(text);

/** `listening` answers the address once there is one. */
export const makeBaseAddress = (parts: {
  baseUrl: string;
  trustedProxies: readonly string[];
  listening: () => string;
}): BaseAddress => {
  const isTrusted = makeTrusted(parts.trustedProxies);
  return {
    isTrusted,
    of({ remoteAddress, headers }) {
      if (parts.baseUrl !== '') return parts.baseUrl;
      if (isTrusted(remoteAddress)) {
        const host = firstOf(headers['x-forwarded-host']) || firstOf(headers.host);
        const protocol = firstOf(headers['x-forwarded-proto']).toLowerCase() || 'http';
        if (isHost(host) && (protocol === 'http' || protocol === 'https')) return `${protocol}://${host}`;
      }
      return parts.listening();
    },
  };
};
