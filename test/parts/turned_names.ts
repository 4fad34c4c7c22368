// Loaded first into a process whose names a test turns: those in a file lead to the address that stands there, or nowhere. Others lead
// where they ever did. Must do nothing where the file is not named.
import dns, { type LookupAddress } from 'node:dns';
import { readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const file = process.env.CAUSEWAY_TEST_NAMES;
type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

if (file) {
  const system = dns.lookup;
  const turned = (name: string, options: { all?: boolean } | Answer, answer?: Answer): void => {
    const names = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    const address = Object.hasOwn(names, name) ? names[name] : undefined;
    if (address === undefined) {
      Reflect.apply(system, dns, [name, options, answer]);
      return;
    }
    const done = typeof options === 'function' ? options : (answer as Answer);
    const family = address.includes(':') ? 6 : 4;
    if (address === '') done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '');
    else if (typeof options === 'object' && options.all) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  dns.lookup = turned as typeof dns.lookup;
  syncBuiltinESMExports();
}
