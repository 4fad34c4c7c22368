// What one side of a connection tells the other of itself: who, which version, which features, and how it sees the two legs.

import type { PeerFacts } from '../connection/connection_records.ts';
import { type AuthMethod, readMethod } from '../credential/auth_method.ts';
import { taskFeatures } from '../definition/needed_features.ts';
import { knownFeatures } from '../envelope/read_batch.ts';
import { protocolVersion } from '../envelope/write_batch.ts';

export interface LegView {
  /** unknown, valid, expired, refused. */
  readonly state: string;
  readonly reason: string;
  readonly detail: string;
}

export interface Hello {
  readonly nonce: string;
  readonly protocol: string;
  readonly instanceId: string;
  readonly incarnation: string;
  /** The incarnation that the speaker knows the listener as; '' where it knows none. */
  readonly knows: string;
  readonly version: string;
  readonly features: readonly string[];
  /** How the speaker gets its tokens. */
  readonly auth: AuthMethod;
  /** The client_id with which it gets them: of two pairs, `auth` is about this one. '' from a peer that does not say. */
  readonly client: string;
  /** sys_id of the speaker's connection row. */
  readonly connection: string;
  /** Milliseconds by the speaker's clock. */
  readonly now: number;
  /** From the speaker: outbound is speaker → listener. */
  readonly outbound: LegView;
  readonly inbound: LegView;
}

/** Offered by this program, by name; a peer without one does without it. */
export const ownFeatures: readonly string[] = [
  ...knownFeatures,
  'heartbeat',
  'client_credentials',
  'auth_upgrade',
  'resume',
  ...taskFeatures,
];

const text = (value: unknown, limit = 200): string =>
  typeof value === 'string' && value.isWellFormed() ? value.slice(0, limit) : '';

const readLeg = (value: unknown): LegView => {
  const leg = (value !== null && typeof value === 'object' ? value : {}) as Record<string, unknown>;
  const state = text(leg.state, 20);
  return {
    state: ['valid', 'expired', 'refused'].includes(state) ? state : 'unknown',
    reason: text(leg.reason, 100).replace(/[^\w.:-]/g, ''),
    detail: text(leg.detail, 400),
  };
};

/** undefined where it is no hello at all; what is missing of one is empty. */
export const readHello = (value: unknown): Hello | undefined => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
  const said = value as Record<string, unknown>;
  const features = Array.isArray(said.features) ? said.features.slice(0, 50).map((feature) => text(feature, 60)) : [];
  if (text(said.instanceId) === '' || text(said.protocol) === '') return undefined;
  return {
    nonce: text(said.nonce, 100),
    protocol: text(said.protocol, 20),
    instanceId: text(said.instanceId, 40),
    incarnation: text(said.incarnation, 40),
    knows: text(said.knows, 40),
    version: text(said.version, 40),
    features: features.filter((feature) => /^[\w.-]+$/.test(feature)),
    auth: readMethod(said.auth),
    client: text(said.client),
    connection: /^[0-9a-f]{32}$/.test(text(said.connection)) ? text(said.connection) : '',
    now: Number.isSafeInteger(said.now) ? Number(said.now) : 0,
    outbound: readLeg(said.outbound),
    inbound: readLeg(said.inbound),
  };
};

export const factsOf = (hello: Hello): PeerFacts => ({
  instanceId: hello.instanceId,
  incarnation: hello.incarnation,
  version: hello.version,
  features: hello.features,
  connection: hello.connection,
});

export const speaksProtocol = (hello: Hello): boolean => hello.protocol === protocolVersion;
