// An identity room on real records: users, a registered provider, and everything it logs and records at hand. For the tests of this folder.
import assert from 'node:assert/strict';
import type { Identified } from '../../src/identity/identity.ts';
import { type IdentityRoom, makeIdentity } from '../../src/identity/make_identity.ts';
import type { AccessTokenRow } from '../../src/identity/parts.ts';
import { makeIdentityRules } from '../../src/identity/rules/index.ts';
import { isFault } from '../../src/kit/fault.ts';
import { makeLocalhostLog } from '../../src/kit/localhost_log.ts';
import { makeOutbound } from '../../src/kit/outbound.ts';
import { systemCaller } from '../../src/records/caller.ts';
import type { Records, Row, Rule, Values } from '../../src/records/records.ts';
import type { Engine } from '../parts/engines.ts';
import { engines } from '../parts/engines.ts';
import { type Opened, openOn } from '../records/part.ts';

export interface Room extends Opened {
  identity: IdentityRoom;
  lines: string[];
  accessTokens: Map<string, AccessTokenRow>;
  /** The answer of the door, or the reason code of its refusal. */
  knock(
    authorization: string | string[] | undefined,
    more?: { path?: string; identity?: IdentityRoom },
  ): Promise<Identified | string>;
  bearer(token: string): Promise<Identified | string>;
  basic(userName: string, password: string): Promise<Identified | string>;
  add(table: string, values: Values): Promise<string>;
  set(table: string, sysId: string, values: Values): Promise<void>;
  property(name: string, value: string): Promise<void>;
  refusals(): Promise<Row[]>;
  /** A further door on the same database, as a second process would have. */
  secondDoor(): Promise<{ identity: IdentityRoom; close(): Promise<void> }>;
}

export const sqliteEngine: Engine = engines[0] as Engine;
const transactionId = 'db83700edb1a';

export const openRoom = async (engine: Engine = sqliteEngine): Promise<Room> => {
  const rules: Rule[] = [];
  const opened = await openOn(engine, { rules });
  const { records, store, clock, properties } = opened;
  const outbound = makeOutbound({ clock });
  rules.push(...makeIdentityRules({ outbound, clock, records: () => records }));
  const lines: string[] = [];
  const log = makeLocalhostLog({ clock, echo: (text) => void lines.push(text.trimEnd()) });
  const accessTokens = new Map<string, AccessTokenRow>();
  const store_ = { find: async (digest: string) => accessTokens.get(digest) };
  const identity = makeIdentity({ records, topics: store, clock, log, outbound, properties, accessTokens: store_ });
  let removed = false;

  const room: Room = {
    ...opened,
    identity,
    lines,
    accessTokens,
    async knock(authorization, more = {}) {
      const { path = '/api/now/table/incident/897b04f2dbd4a300a135364e9d961952', identity: door = identity } = more;
      try {
        return await door.identify({
          method: 'GET',
          path,
          headers: { authorization },
          remoteAddress: '127.0.0.1',
          transactionId,
        });
      } catch (error) {
        assert.ok(isFault(error, 'identity.refused'), String(error));
        assert.equal(error.kind, 'unauthenticated');
        assert.equal(error.message, 'User Not Authenticated');
        assert.equal(error.explanation, 'Required to provide Auth information');
        return error.detail ?? '';
      }
    },
    bearer: (token) => room.knock(`Bearer ${token}`),
    basic: (userName, password) => room.knock(`Basic ${Buffer.from(`${userName}:${password}`).toString('base64')}`),
    add: async (table, values) => (await insert(records, table, values)).sys_id ?? '',
    set: async (table, sysId, values) => void (await records.update(systemCaller, table, sysId, values)),
    async property(name, value) {
      const [row] = await records.findBy('sys_properties', { name }, { limit: 1 });
      if (row?.sys_id) await records.update(systemCaller, 'sys_properties', row.sys_id, { value });
      else await records.insert(systemCaller, 'sys_properties', { name, value });
    },
    async refusals() {
      await identity.refusals.flush();
      return records.findBy('causeway_refusal', {}, { limit: 1_000 });
    },
    async secondDoor() {
      const again = await opened.openAgain({ rules });
      const second = makeIdentity({ ...again, topics: again.store, clock, log, outbound, accessTokens: store_ });
      return {
        identity: second,
        async close() {
          await second.close();
          await again.close();
        },
      };
    },
    async close() {
      if (removed) return;
      removed = true;
      await identity.close();
      await outbound.close();
      await opened.close();
    },
  };
  return room;
};

const insert = async (records: Records, table: string, values: Values): Promise<Row> => {
  const { columns, rows } = await records.insert(systemCaller, table, values);
  const at = columns.find((column) => column.key === 'sys_id')?.valueAt ?? -1;
  return { sys_id: String(rows[0]?.[at] ?? '') };
};

export interface Registered {
  entity: string;
  configuration: string;
  clientId: string;
}

let count = 0;

/** An active entity and configuration for a metadata URL. */
export const register = async (
  room: Room,
  options: { metadataUrl: string; clientId: string; entity?: Values; configuration?: Values },
): Promise<Registered> => {
  count += 1;
  const configuration = await room.add('oidc_provider_configuration', {
    name: `Provider ${count}`,
    oidc_url: options.metadataUrl,
    user_claim: 'preferred_username',
    user_field: 'user_name',
    active: 'true',
    ...options.configuration,
  });
  const entity = await room.add('oauth_oidc_entity', {
    name: `Entity ${count}`,
    client_id: options.clientId,
    active: 'true',
    oidc_provider_configuration: configuration,
    ...options.entity,
  });
  return { entity, configuration, clientId: options.clientId };
};

/** User name of who came in, or the reason of the refusal. */
export const outcome = (answer: Identified | string): string =>
  typeof answer === 'string' ? answer : `in as ${answer.caller.userName}`;
