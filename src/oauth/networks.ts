// Whether an address lies in a list of networks, as administrators write them: `10.0.0.0/8, 192.0.2.7, 2001:db8::/32`.
// A list that cannot be read holds nobody: a condition that is misspelt must not open a door.
import { BlockList, isIP } from 'node:net';

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

export const isWithin = (networks: string, remoteAddress: string): boolean => {
  const list = new BlockList();
  for (const word of networks.split(/[\s,]+/).filter((part) => part !== '')) {
    const [address = '', bits, ...rest] = word.split('/');
    const family = isIP(address);
    const size = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits);
    if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits ?? '0') || size > (family === 4 ? 32 : 128)) return false;
    list.addSubnet(address, size, family === 4 ? 'ipv4' : 'ipv6');
  }
  const address = plain(remoteAddress);
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
};
