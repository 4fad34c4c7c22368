// Opens the port of an instance, and says in a sentence why it could not.
import type { Server } from 'node:net';
import type { Settings } from '../config.ts';
import { Fault } from './fault.ts';
import { listen, type Patience } from './listen.ts';

/** As it stands in a URL; where all addresses are listened on, the one of this machine. */
export const hostInUrl = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};

/** The port that was opened. Throws Fault with a sentence when it cannot be. */
export const openPort = async (server: Server, settings: Settings, patience?: Patience): Promise<number> => {
  try {
    return await listen(server, settings, patience);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const reasons = new Map([
      ['EADDRINUSE', 'another program uses it; choose another with --port'],
      ['EACCES', 'this account may not; choose a port above 1023'],
      ['EADDRNOTAVAIL', 'this machine has no such address; see --host'],
      ['ENOTFOUND', 'no such host name; see --host'],
    ]);
    const message = `Cannot listen on ${settings.host} port ${settings.port}: ${reasons.get(code) ?? (error as Error).message}`;
    throw new Fault('unavailable', code === 'EADDRINUSE' ? 'instance.port_taken' : 'instance.port_refused', message, {
      cause: error,
    });
  }
};
