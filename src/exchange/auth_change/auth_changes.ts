// Changes of credentials as the rest of the exchange sees them: asked for by an administrator, answered for a peer, and looked after by
// themselves. Read this first.
import { type Clock, readWireMoment } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { every, type Timer } from '../../kit/timer.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import type { TokenClient } from '../credential/token_client.ts';
import type { Handshake } from '../handshake/handshake.ts';
import { requireGrant } from '../registration/preflight.ts';
import { makeAskPeer } from './ask_peer.ts';
import { makeChanges } from './changes.ts';
import { makeFollow } from './follow.ts';
import { makeLead, retire } from './lead.ts';
import { type ChangeKind, makePreflight, type PreflightCheck } from './preflight.ts';

export interface AuthChangeParts {
  records: Records;
  clock: Clock;
  ids: Ids;
  log: LocalhostLog;
  outbound: Outbound;
  properties: Properties;
  tokens: TokenClient;
  handshake: Pick<Handshake, 'ask'>;
  openSecret: (sealed: string, context: string) => string;
  revokeTokens: (match: { client: string }) => Promise<unknown>;
  changed: (connection: string) => void;
  /** Name of this process, the same after a restart. */
  worker: string;
}

export interface ChangeReport {
  readonly connection_id: string;
  readonly kind: ChangeKind;
  readonly checks: readonly (PreflightCheck & { readonly side: 'here' | 'peer' })[];
  /** Every check passed. */
  readonly ready: boolean;
  readonly applied: boolean;
  readonly message: string;
  /** Until when the old pair is kept; '' where that is not settled. */
  readonly grace_until: string;
}

export interface AuthChangeOptions {
  kind: ChangeKind;
  dryRun: boolean;
  /** Turns the grant on here where it is off. */
  enableGrant: boolean;
  askedBy: string;
}

export interface AuthChanges {
  /** Throws `exchange.auth_already_upgraded`, `exchange.auth_change_preflight`, `exchange.auth_change_open`, `exchange.auth_change_rolled_back`. */
  run(connection: Row, options: AuthChangeOptions): Promise<ChangeReport>;
  /** Finishes what was begun. False where nothing is open. */
  advance(connection: Row): Promise<boolean>;
  /** Takes back what was begun. False where nothing is open. */
  abort(connection: Row): Promise<boolean>;
  openOf(connection: string): Promise<Row | undefined>;
  /** A step of the peer. */
  answer(connection: Row, body: unknown): Promise<unknown>;
  start(): void;
  stop(): Promise<void>;
}

const tickMs = 2_000;
/** A change whose process is gone is taken up after this time; at once by the same process after a restart. */
const orphanedMs = 120_000;
/** What a peer began here and never brought to use. */
const staleMs = 86_400_000;

const successText: Readonly<Record<ChangeKind, string>> = {
  upgrade: 'Authorization successfully upgraded to Client Credentials.',
  rotate: 'Secrets successfully rotated.',
};

export const makeAuthChanges = (parts: AuthChangeParts): AuthChanges => {
  const { clock, log } = parts;
  const changes = makeChanges(parts);
  const peer = makeAskPeer(parts);
  const preflight = makePreflight(parts);
  const shared = { ...parts, changes, peer, preflight };
  const lead = makeLead(shared);
  const answer = makeFollow(shared);
  let timer: Timer | undefined;

  const peerChecks = async (connection: Row, kind: ChangeKind): Promise<PreflightCheck[]> => {
    try {
      const said = await peer.ask(connection, { step: 'preflight', operation: parts.ids.randomHex(32), payload: { kind } });
      const checks = Array.isArray(said.checks) ? (said.checks as Partial<PreflightCheck>[]).slice(0, 50) : [];
      if (checks.length === 0) return [{ check: 'peer', ok: false, detail: 'The peer cannot change credentials' }];
      return checks.map(({ check, ok, detail }) => ({
        check: String(check).slice(0, 40),
        ok: ok === true,
        detail: String(detail).slice(0, 400),
      }));
    } catch (error) {
      if (!isFault(error)) throw error;
      return [{ check: 'peer', ok: false, detail: [error.message, error.explanation].filter(Boolean).join(': ') }];
    }
  };

  const careFor = async (change: Row): Promise<void> => {
    const operation = change.operation ?? '';
    const ageMs = clock.now() - readWireMoment(change.step_at ?? '');
    if (change.step === 'grace' || change.step === 'retiring') return retire(shared, change);
    if (change.side === 'follows') {
      const isStale = ageMs > staleMs && ['minted', 'proven', 'aborting'].includes(change.step ?? '');
      const [connection] = await parts.records.findBy('sn_sb_connection', { sys_id: change.connection ?? '' }, { limit: 1 });
      const isHalfWay = change.step === 'aborting' && change.worker === parts.worker;
      if (connection && (isStale || isHalfWay)) await answer(connection, { step: 'abort', operation, payload: {} });
      return;
    }
    if (lead.isRunning(operation) || (change.worker !== parts.worker && ageMs < orphanedMs)) return;
    await lead.advance(operation);
  };

  const look = async (): Promise<void> => {
    for (const change of await changes.open()) {
      await careFor(change).catch((error: unknown) => {
        if (!isFault(error)) throw error;
      });
    }
  };

  const complain = (error: unknown): void =>
    void log.write({ level: 'warning', text: `Exchange: a change of credentials failed: ${(error as Error).message}` });

  return {
    answer,
    openOf: changes.openOf,
    async run(connection, { kind, dryRun, enableGrant, askedBy }) {
      if (kind === 'upgrade' && connection.auth_method !== 'password') {
        throw new Fault('conflict', 'exchange.auth_already_upgraded', 'This connection uses Client Credentials already', {
          explanation: 'There is nothing to upgrade. New secrets: causeway exchange auth rotate.',
        });
      }
      const own = (await preflight(connection, kind)).map((check) => {
        if (check.check !== 'property' || check.ok) return check;
        if (!enableGrant) return { ...check, detail: `${check.detail}, or say --enable-grant` };
        return {
          ...check,
          ok: true,
          detail: dryRun ? 'client credentials would be turned on' : 'client credentials are turned on',
        };
      });
      const theirs = await peerChecks(connection, kind);
      const checks = [
        ...own.map((check) => ({ side: 'here' as const, ...check })),
        ...theirs.map((check) => ({ side: 'peer' as const, ...check })),
      ];
      const failed = checks.filter(({ ok }) => !ok);
      const number = connection.connection_id ?? '';
      const report = { connection_id: number, kind, checks, ready: failed.length === 0, grace_until: '' };
      if (dryRun) return { ...report, applied: false, message: '' };
      if (failed.length > 0) {
        throw new Fault('conflict', 'exchange.auth_change_preflight', 'The two sides are not ready; nothing was changed', {
          explanation: failed.map(({ side, detail }) => `${side === 'here' ? 'Here' : 'At the peer'}: ${detail}`).join('. '),
        });
      }
      if (enableGrant) await requireGrant(parts, { enable: true, dryRun: false });
      const operation = await lead.run(connection, kind, askedBy);
      const change = await changes.ofOperation(operation);
      log.write({ level: 'plain', text: `Service Exchange ${number}: ${successText[kind]}` });
      return { ...report, applied: true, message: successText[kind], grace_until: change?.grace_until ?? '' };
    },
    async advance(connection) {
      const change = await changes.openOf(connection.sys_id ?? '');
      if (!change) return false;
      if (change.side === 'leads') await lead.advance(change.operation ?? '');
      return true;
    },
    async abort(connection) {
      const change = await changes.openOf(connection.sys_id ?? '');
      if (!change) return false;
      if (change.side === 'follows') {
        throw new Fault('conflict', 'exchange.auth_change_led_by_peer', 'The other side leads this change', {
          explanation: 'Take it back there: causeway exchange auth abort.',
        });
      }
      await lead.abort(change.operation ?? '');
      return true;
    },
    start() {
      timer = every(clock, tickMs, look, complain);
    },
    async stop() {
      // No further look; what is under way is waited for below.
      void timer?.stop();
      await lead.settled();
    },
  };
};
