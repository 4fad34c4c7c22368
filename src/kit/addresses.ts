// Which network addresses an outbound call may never reach, and which are this machine itself.
// Decides on addresses only, after names were resolved; it must not resolve anything.
import { BlockList, isIP, isIPv4 } from 'node:net';

const blockList = (subnets: readonly (readonly [network: string, prefix: number])[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIPv4(network) ? 'ipv4' : 'ipv6');
  return list;
};

const never: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8], // "this network", reaches loopback on Linux
  ['169.254.0.0', 16], // link-local, and the metadata service of most clouds
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
  ['100.100.100.200', 32], // metadata services outside link-local: Alibaba, Oracle, Azure
  ['192.0.0.192', 32],
  ['168.63.129.16', 32],
  ['::', 128],
  ['fe80::', 10], // link-local
  ['fec0::', 10], // site-local, withdrawn
  ['ff00::', 8], // multicast
  ['fd00:ec2::254', 128], // metadata services of AWS and Google over IPv6
  ['fd20:ce::254', 128],
  ['2001::', 32], // Teredo hides an IPv4 address in scrambled form
];
const loopback: readonly (readonly [string, number])[] = [
  ['127.0.0.0', 8],
  ['::1', 128],
];

/** The eight 16-bit groups of an IPv6 address; the zone is ignored. */
const groups = (address: string): number[] => {
  const bare = (address.split('%')[0] ?? '').replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, a, b, c, d) => {
    const hex = (high: string, low: string) => ((Number(high) << 8) | Number(low)).toString(16);
    return `${hex(a, b)}:${hex(c, d)}`;
  });
  const [head = '', tail] = bare.split('::');
  const part = (text: string) => (text ? text.split(':').map((group) => Number.parseInt(group, 16)) : []);
  if (tail === undefined) return part(head);
  const [before, after] = [part(head), part(tail)];
  return [...before, ...new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
};

/** The IPv4 address that an IPv6 address carries (mapped, compatible, NAT64, 6to4), or undefined. */
const carriedIPv4 = (address: string): string | undefined => {
  const g = groups(address);
  const dotted = (high = 0, low = 0) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const zeroUpTo = (count: number) => g.slice(0, count).every((group) => group === 0);
  if (zeroUpTo(5) && g[5] === 0xffff) return dotted(g[6], g[7]);
  if (zeroUpTo(6) && (g[6] !== 0 || (g[7] ?? 0) > 1)) return dotted(g[6], g[7]);
  if (zeroUpTo(4) && g[4] === 0xffff && g[5] === 0) return dotted(g[6], g[7]);
  if (g[0] === 0x64 && g[1] === 0xff9b) return dotted(g[6], g[7]);
  if (g[0] === 0x2002) return dotted(g[1], g[2]);
  return undefined;
};

export interface AddressRules {
  isForbidden(address: string): boolean;
  isLoopback(address: string): boolean;
}

/** Both questions take an IPv4 or IPv6 literal without brackets; what is neither is forbidden and not loopback. */
export const makeAddressRules = (): AddressRules => {
  const neverList = blockList(never);
  const loopbackList = blockList(loopback);
  const check = (list: BlockList, address: string) => list.check(address.split('%')[0] ?? '', isIPv4(address) ? 'ipv4' : 'ipv6');
  const isForbidden = (address: string): boolean => {
    if (isIP(address) === 0) return true;
    const carried = isIPv4(address) ? undefined : carriedIPv4(address);
    return check(neverList, address) || (carried !== undefined && isForbidden(carried));
  };
  const isLoopback = (address: string): boolean => {
    if (isIP(address) === 0) return false;
    const carried = isIPv4(address) ? undefined : carriedIPv4(address);
    return carried === undefined ? check(loopbackList, address) : isLoopback(carried);
  };
  return { isForbidden, isLoopback };
};
