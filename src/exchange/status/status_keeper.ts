// Keeps the axes of each connection on its row: hears what happens on the links, writes what changed, judges Up, Slow or Down. Events come
// by the thousand; rows are written a few times a minute. Must not throw at those who tell it something.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records, Row } from '../../records/records.ts';
import type { TokenEvents } from '../credential/token_client.ts';
import type { Summary } from '../reprocess/summary.ts';
import type { FailureClass, LinkEvents } from '../seams.ts';
import { judge, type Verdict } from './judge.ts';

export interface StatusParts {
  records: Records;
  clock: Clock;
  log: LocalhostLog;
  properties: Properties;
  standstillOf: (connection: Row) => { readonly reason: string; readonly detail: string } | undefined;
  summary: () => Promise<readonly Summary[]>;
  /** The credential works again: what was paused for it goes on. */
  recovered: (connection: string) => Promise<void>;
}

type Patch = Record<string, string>;

export interface StatusKeeper extends LinkEvents, TokenEvents {
  /** The peer was refused by us, or was let in again: the inbound leg. */
  inbound(connection: string, event: { state: 'valid' | 'refused'; reason: string; detail: string }): void;
  /** Any other mark: heartbeats, skew. */
  mark(connection: string, patch: Patch): void;
  /** Writes what was heard, and judges. Answers the row as it then is. */
  settle(connection: string): Promise<Row | undefined>;
  close(): Promise<void>;
}

const soonMs = 100;
const rareMs = 15_000;

export const readPing = async (properties: Properties): Promise<{ pingMs: number; failingMs: number; slowMs: number }> => {
  const [ping, failing, slow] = await Promise.all([
    properties.number('sn_sb.ping_seconds', 60),
    properties.number('sn_sb.ping_failing_seconds', 10),
    properties.number('sn_sb.slow_seconds', 900),
  ]);
  const ms = (seconds: number): number => Math.min(86_400, Math.max(1, seconds)) * 1000;
  return { pingMs: ms(ping), failingMs: ms(failing), slowMs: ms(slow) };
};

/** A token endpoint says little, as the original's does; what was heard of the refusal elsewhere stands. */
const keepReason = (before: Readonly<Record<string, string>>, patch: Patch): Patch => {
  const kept = { ...patch };
  for (const direction of ['outbound', 'inbound']) {
    const reason = `${direction}_auth_reason`;
    if (patch[reason] !== 'refused' || before[`${direction}_auth_state`] !== 'refused' || !before[reason]) continue;
    delete kept[reason];
    delete kept[`${direction}_auth_detail`];
  }
  return kept;
};

export const makeStatusKeeper = (parts: StatusParts): StatusKeeper => {
  const { records, clock, log, properties } = parts;
  const heard = new Map<string, Patch>();
  const timers = new Map<string, () => void>();
  const settling = new Map<string, Promise<Row | undefined>>();
  const lastNoted = new Map<string, number>();
  let isClosed = false;

  const now = (): string => wireMoment(clock.now());

  const note = (connection: string, patch: Patch): void => {
    if (isClosed) return;
    const before = heard.get(connection) ?? {};
    heard.set(connection, { ...before, ...keepReason(before, patch) });
    if (timers.has(connection)) return;
    timers.set(
      connection,
      clock.after(soonMs, () => void settle(connection).catch(complain)),
    );
  };

  const complain = (error: unknown): void =>
    void log.write({
      level: 'warning',
      text: `Exchange: the status of a connection was not written: ${(error as Error).message}`,
    });

  /** A moment of traffic: written rarely, because it tells nothing new. */
  const rarely = (key: string, connection: string, patch: Patch): void => {
    if (clock.now() - (lastNoted.get(key) ?? 0) < rareMs) return;
    lastNoted.set(key, clock.now());
    note(connection, patch);
  };

  const auth = (direction: 'outbound' | 'inbound', state: string, reason = '', detail = ''): Patch => ({
    [`${direction}_auth_state`]: state,
    [`${direction}_auth_reason`]: reason,
    [`${direction}_auth_detail`]: detail.slice(0, 1000),
  });

  const verdictPatch = (row: Row, direction: 'outbound' | 'inbound', verdict: Verdict): Patch => {
    const isSame = row[`${direction}_status`] === verdict.status && (row[`${direction}_reason`] ?? '') === verdict.reason;
    if (isSame && (row[`${direction}_detail`] ?? '') === verdict.detail) return {};
    return {
      [`${direction}_status`]: verdict.status,
      [`${direction}_reason`]: verdict.reason,
      [`${direction}_detail`]: verdict.detail.slice(0, 1000),
      ...(isSame ? {} : { [`${direction}_since`]: now() }),
    };
  };

  const inboundFault = async (row: Row): Promise<Patch> => {
    const [client] = await records.findBy('oauth_entity', { sys_id: row.inbound_client ?? '' }, { limit: 1 });
    if (client && client.active === 'true' && (client.user !== '' || row.peer_auth_method === 'password')) return {};
    const reason = client ? (client.active === 'true' ? 'user_not_bound' : 'client_inactive') : 'client_missing';
    const detail = `The OAuth Client record ${client?.name ?? ''} of this connection ${reason === 'user_not_bound' ? 'has no OAuth Application User' : 'is not usable'}`;
    return auth('inbound', 'refused', reason, detail);
  };

  const work = async (connection: string): Promise<Row | undefined> => {
    const [before] = await records.findBy('sn_sb_connection', { sys_id: connection }, { limit: 1 });
    const said = heard.get(connection) ?? {};
    heard.delete(connection);
    if (!before) return undefined;
    const patch = keepReason(before, said);
    const [rps] = await records.findBy('sn_sb_rps_connection', { connection }, { limit: 1 });
    const [remoteSystem] = rps ? await records.findBy('ih_sync_remote_system', { sys_id: rps.remote_system ?? '' }) : [];
    const { pingMs, slowMs } = await readPing(properties);
    const queue = (await parts.summary()).find((each) => each.connection === connection);
    if (before.state === 'onboarded') Object.assign(patch, await inboundFault(before));
    for (const direction of ['outbound', 'inbound']) {
      const state = `${direction}_auth_state`;
      if (patch[state] !== undefined && patch[state] !== before[state]) patch[`${direction}_auth_since`] = now();
    }
    const row: Row = { ...before, ...patch };
    const verdicts = judge({
      row,
      standstill: parts.standstillOf(row),
      remoteSystem,
      pause: queue?.pause ?? '',
      pauseDetail: queue?.pauseDetail || (queue?.pauseCode ?? ''),
      oldestWaitingSince: queue?.oldestWaitingSince ?? 0,
      now: clock.now(),
      silentMs: 2 * pingMs + 15_000,
      slowMs,
    });
    const written: Patch = {
      ...patch,
      waiting_count: String(queue?.backlog ?? 0),
      ...verdictPatch(before, 'outbound', verdicts.outbound),
      ...verdictPatch(before, 'inbound', verdicts.inbound),
    };
    const changed = Object.fromEntries(Object.entries(written).filter(([element, value]) => (before[element] ?? '') !== value));
    if (Object.keys(changed).length === 0) return before;
    await records.write((transaction) =>
      records.within(transaction).update(systemCaller, 'sn_sb_connection', connection, changed),
    );
    say(before, { ...row, ...changed });
    if (before.outbound_auth_state === 'refused' && row.outbound_auth_state === 'valid') await parts.recovered(connection);
    return { ...row, ...changed };
  };

  const say = (before: Row, after: Row): void => {
    for (const direction of ['outbound', 'inbound']) {
      const [was, is] = [before[`${direction}_status`], after[`${direction}_status`]];
      if (was === is) continue;
      const reason = after[`${direction}_reason`] ? ` (${after[`${direction}_reason`]})` : '';
      const level = is === 'down' ? 'warning' : 'plain';
      log.write({ level, text: `Service Exchange ${after.connection_id}: ${direction} is ${is}${reason}, was ${was}` });
    }
  };

  // One after another for a connection, so that none judges what another is about to write.
  const settle = (connection: string): Promise<Row | undefined> => {
    timers.get(connection)?.();
    timers.delete(connection);
    const before = settling.get(connection) ?? Promise.resolve(undefined);
    const running = before.catch(() => undefined).then(() => work(connection));
    settling.set(connection, running);
    const forget = (): void => {
      if (settling.get(connection) === running) settling.delete(connection);
    };
    running.then(forget, forget);
    return running;
  };

  return {
    delivered(connection) {
      rarely(`${connection} out`, connection, { last_delivered: now() });
    },
    received(connection) {
      rarely(`${connection} in`, connection, { last_received: now() });
    },
    failed(connection, event: { class: FailureClass; code: string; detail: string }) {
      const lastError = { last_error: `${event.code}: ${event.detail}`.slice(0, 1000), last_error_at: now() };
      // The token endpoint's own refusals were heard already, with the peer's word for them.
      if (event.class === 'auth' && event.code !== 'exchange.auth_refused')
        note(connection, { ...lastError, ...auth('outbound', 'refused', event.code, event.detail) });
      else rarely(`${connection} failed`, connection, lastError);
    },
    granted(connection, { expiresAt }) {
      note(connection, { ...auth('outbound', 'valid'), outbound_token_expires: wireMoment(expiresAt) });
    },
    refused(connection, { reason, detail }) {
      note(connection, {
        ...auth('outbound', 'refused', reason, detail),
        last_error: detail.slice(0, 1000),
        last_error_at: now(),
      });
    },
    inbound(connection, { state, reason, detail }) {
      note(connection, auth('inbound', state, reason, detail));
    },
    mark: note,
    settle,
    async close() {
      isClosed = true;
      for (const cancel of timers.values()) cancel();
      await Promise.allSettled(settling.values());
    },
  };
};
