// The demo from start to Ctrl-C: instance, identity provider, a second organisation's instance, each registered with the first, the welcome.
// It must set up through the front door what a reader of README.md would set up there.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from '../../config.ts';
import { type Instance, startInstance } from '../../instance.ts';
import { isFault } from '../../kit/fault.ts';
import { systemCaller } from '../../records/caller.ts';
import { adminSysId } from '../../records/tables/sys_user_rows.ts';
import type { World } from '../command.ts';
import { connectConsumer, consumerSettings } from './connect_consumer.ts';
import { removeDemoNote, writeDemoNote } from './demo_note.ts';
import { exchangeWelcome } from './exchange_welcome.ts';
import { type IdentityProvider, type ProviderClient, startIdentityProvider } from './identity_provider.ts';
import { obtainIdToken } from './obtain_id_token.ts';
import { demoPeople, demoPerson } from './people.ts';
import { registerProvider } from './register_provider.ts';
import { shareIncidents } from './share_incidents.ts';
import { makeTableClient } from './table_client.ts';
import { welcome } from './welcome.ts';

const program = 'node bin/causeway.js';

const isPortTaken = (error: unknown): boolean =>
  isFault(error, 'instance.port_taken') || (error as NodeJS.ErrnoException).code === 'EADDRINUSE';

/** The port asked for, else any free one: a demo that does not start teaches nobody. */
const onFreePort = async <T>(port: number, start: (port: number) => Promise<T>): Promise<T> => {
  try {
    return await start(port);
  } catch (error) {
    if (isPortTaken(error)) return start(0);
    throw error;
  }
};

/** The demo keeps its data but not its password: nobody has to remember one. */
const setPassword = async (instance: Instance, wanted: string): Promise<string> => {
  const password = wanted || randomBytes(12).toString('base64url');
  await instance.records.update(systemCaller, 'sys_user', adminSysId, { user_password: password, locked_out: 'false' });
  return password;
};

/** Resolves when the demo has been stopped. Throws Error or Fault with a sentence when it cannot start; nothing runs on then. */
export const runDemo = async (settings: Settings, world: World): Promise<void> => {
  const { fetcher, clock, random } = world;
  const client: ProviderClient = {
    clientId: 'causeway-demo',
    clientSecret: randomBytes(32).toString('base64url'),
    redirectUri: 'http://127.0.0.1/signed-in',
  };
  let instance: Instance | undefined;
  let consumer: Instance | undefined;
  let provider: IdentityProvider | undefined;
  const stop = async () => {
    await removeDemoNote(settings.data);
    await Promise.all([instance?.stop(), consumer?.stop(), provider?.stop()]);
  };
  try {
    const copyTo = settings.logStdout ? world.out : undefined;
    instance = await onFreePort(settings.port, (port) =>
      startInstance({ settings: { ...settings, port }, clock, random, copyTo }),
    );
    const password = await setPassword(instance, settings.adminPassword);
    const besidePort = settings.port === 0 ? 0 : settings.port + 1;
    provider = await onFreePort(besidePort, (port) =>
      startIdentityProvider({ port, client, people: demoPeople, now: clock.now }),
    );
    const { baseUrl, localUrl, logFile } = instance;
    const { metadataUrl, issuer } = provider;
    const table = makeTableClient({ fetcher, baseUrl: localUrl, user: 'admin', password });
    await registerProvider({ table, metadataUrl, ...client });
    const secondPort = settings.port === 0 ? 0 : settings.port + 2;
    consumer = await onFreePort(secondPort, (port) =>
      startInstance({ settings: consumerSettings(settings, join(settings.data, 'consumer'), port), clock, random }),
    );
    await setPassword(consumer, password);
    const connected = await connectConsumer({ url: baseUrl, password }, { url: consumer.baseUrl, password }, fetcher);
    const incident = await shareIncidents({
      provider: table,
      consumer: makeTableClient({ fetcher, baseUrl: consumer.localUrl, user: 'admin', password }),
      connection: connected.number,
      wait: world.wait,
    });
    await writeDemoNote(settings.data, { baseUrl, metadataUrl, client });
    const token = await obtainIdToken({ fetcher, metadataUrl, client, person: demoPerson });
    world.out(`causeway ready ${baseUrl}\n`);
    world.out(exchangeWelcome({ ...connected, incident, providerUrl: baseUrl, password, program }));
    world.out(welcome({ baseUrl, issuer, password, person: demoPerson, token, logFile, program }));
  } catch (error) {
    await stop();
    throw error;
  }
  await world.untilStopped(stop);
};
