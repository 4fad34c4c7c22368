// Sets the stage for measurements of requests: an instance full of incidents, a caller with a role, registrations for tokens.
// The instance is set up through its front door; the rows alone go in by the back, because a million POSTs would take too long.
import { openStore } from '../src/store/open_store.ts';
import { writeIncidents } from './data/incidents.ts';
import type { Issuer } from './data/issuer.ts';
import { tidy } from './data/tidy.ts';
import { basic } from './load/requests.ts';
import type { EngineName, Stage } from './part.ts';
import { type Causeway, type CausewayPlace, startCauseway } from './servers/causeway.ts';
import { startStatic } from './servers/static.ts';

const userName = 'bench.agent';
const bearer = (token: string): string => `Bearer ${token}`;

const register = async (server: Causeway, metadataUrl: string, isSingleUse: boolean): Promise<string> => {
  const clientId = `bench-${isSingleUse ? 'once' : 'often'}`;
  const configuration = await server.table.put('oidc_provider_configuration', `name=${clientId}`, {
    name: clientId,
    oidc_url: metadataUrl,
    user_claim: 'preferred_username',
    user_field: 'user_name',
    enable_jti_verification: String(isSingleUse),
    jti_claim: 'jti',
    active: 'true',
  });
  await server.table.put('oauth_oidc_entity', `name=${clientId}`, {
    name: clientId,
    client_id: clientId,
    client_secret: 'not used to check tokens, but wanted',
    oidc_provider_configuration: configuration.sys_id ?? '',
    active: 'true',
  });
  return clientId;
};

const makeAgent = async (server: Causeway, password: string): Promise<void> => {
  const user = await server.table.create('sys_user', { user_name: userName, first_name: 'Bench', user_password: password });
  const [role] = await server.table.list('sys_user_role', 'name=itil');
  await server.table.create('sys_user_has_role', { user: user.sys_id ?? '', role: role?.sys_id ?? '' });
};

/** Adds incidents at a place whose instance is stopped. */
const fill = async (place: CausewayPlace, count: number): Promise<void> => {
  const clock = { now: Date.now, after: () => () => undefined };
  const store = await openStore({ location: place.database, clock, random: Math.random });
  const { engine } = store.dialect;
  try {
    await writeIncidents(store, 0, count);
  } finally {
    await store.close();
  }
  if (engine === 'postgres') await tidy(place.database);
};

export const setStage = async (parts: {
  engine: EngineName;
  place: CausewayPlace;
  issuer: Issuer;
  incidents: number;
  nodeFlags?: readonly string[];
}): Promise<Stage & { stop(): Promise<void> }> => {
  const { engine, place, issuer, incidents } = parts;
  // The first start makes the tables and puts the scale of the place down: what is measured is a start like any other.
  await (await startCauseway(place)).stop();
  await fill(place, incidents);
  const server = await startCauseway(place, parts.nodeFlags);
  const password = 'a password of the bench';
  await makeAgent(server, password);
  const often = await register(server, issuer.metadataUrl, false);
  const once = await register(server, issuer.metadataUrl, true);
  const tokens = async (count: number, audience: string) => (await issuer.tokens(count, { userName, audience })).map(bearer);
  const [seen = ''] = await tokens(1, often);
  const yardstick = await startStatic();
  return {
    engine,
    place,
    server,
    yardstick,
    incidents,
    as: {
      basic: basic(userName, password),
      seen,
      fresh: (count) => tokens(count, often),
      singleUse: (count) => tokens(count, once),
    },
    stop: async () => void (await Promise.all([server.stop(), yardstick.stop()])),
  };
};
