// What an administrator does with connections, by number: the one place that REST and commands speak to. Knows no wire.
import { Fault, isFault } from '../../kit/fault.ts';
import type { Caller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { AuthChangeOptions, ChangeReport } from '../auth_change/auth_changes.ts';
import { roleOf } from '../connection/connection_records.ts';
import { type MovePlan, movePeer } from '../connection/move_peer.ts';
import { noConnection } from '../connection/no_connection.ts';
import type { Links } from '../links.ts';
import type { OffboardOptions, OffboardPlan } from '../offboard/offboard.ts';
import { readCode } from '../registration/invitation_code.ts';
import type { AcceptRequest } from '../registration/mint.ts';
import { makeOffers, type Offers } from './offers.ts';
import { type ConnectionReport, reportConnection, reportRegistration } from './report.ts';

export interface ExchangeAdmin {
  /** What is shared, and what is offered. */
  readonly offers: Offers;
  invite: Links['provider']['invite'];
  /** Answers the connection as it stands, also where a step failed that is tried again by itself. */
  accept(caller: Caller, request: AcceptRequest): Promise<ConnectionReport>;
  /** What accepting would do. */
  planAccept(request: AcceptRequest): Promise<{ plan: readonly string[] }>;
  /** All, or the one with this number. Throws `exchange.no_connection`. */
  status(number?: string): Promise<ConnectionReport[]>;
  /** Handshake and heartbeat at once. */
  probe(number: string): Promise<ConnectionReport>;
  retry(number: string): Promise<ConnectionReport>;
  /** The peer lives elsewhere from now on. Throws what `movePeer` throws. */
  move(number: string, options: { peer: string; dryRun: boolean }): Promise<MovePlan>;
  /** Throws `exchange.undelivered`. */
  offboard(number: string, options: OffboardOptions): Promise<OffboardPlan>;
  /** New credentials on both sides. Throws what `AuthChanges.run` throws. */
  changeAuth(number: string, options: AuthChangeOptions): Promise<ChangeReport>;
  /** Takes a change of credentials back that is under way. Throws `exchange.no_auth_change`. */
  abortAuth(number: string): Promise<ConnectionReport>;
  abort(number: string, options: { force: boolean; dryRun: boolean }): Promise<{ plan: readonly string[]; applied: boolean }>;
}

export interface AdminParts {
  records: Records;
  links: Links;
  /** Public origin of this instance. */
  ownUrl: () => string;
  now: () => number;
}

export const makeExchangeAdmin = ({ records, links, ownUrl, now }: AdminParts): ExchangeAdmin => {
  const connectionOf = async (number: string): Promise<Row | undefined> =>
    (await records.findBy('sn_sb_connection', { connection_id: number }, { limit: 1 }))[0];
  const registrationOf = async (number: string): Promise<Row | undefined> =>
    (await records.findBy('sn_sb_pro_registration', { connection_id: number }, { limit: 1 }))[0];

  const report = async (row: Row): Promise<ConnectionReport> => {
    const sysId = row.sys_id ?? '';
    const [rps] = await records.findBy('sn_sb_rps_connection', { connection: sysId }, { limit: 1 });
    const [system] = rps ? await records.findBy('ih_sync_remote_system', { sys_id: rps.remote_system ?? '' }, { limit: 1 }) : [];
    const [onboarding] = await records.findBy('sn_sb_onboarding', { connection: sysId }, { limit: 1 });
    const change = await links.authChanges.openOf(sysId);
    const progress = onboarding ?? (await registrationOf(row.connection_id ?? ''));
    return reportConnection(row, { system, progress, change, now: now() });
  };

  const statusOf = async (number: string): Promise<ConnectionReport> => {
    const row = await connectionOf(number);
    if (row) {
      const settled = row.state === 'onboarded' ? await links.status.settle(row.sys_id ?? '') : row;
      return report(settled ?? row);
    }
    const registration = await registrationOf(number);
    if (!registration) throw noConnection();
    return reportRegistration(registration);
  };

  const all = async (): Promise<ConnectionReport[]> => {
    const rows = await records.find('sn_sb_connection', 'ORDERBYconnection_id');
    const numbers = new Set(rows.map((row) => row.connection_id));
    const open = (await records.find('sn_sb_pro_registration', 'registration_stateINopen,work_in_progress')).filter(
      (row) => !numbers.has(row.connection_id),
    );
    return [...(await Promise.all(rows.map(report))), ...open.map(reportRegistration)];
  };

  return {
    offers: makeOffers({ records }),
    invite: links.provider.invite,
    async accept(caller, request) {
      try {
        return await report(
          (await records.findBy('sn_sb_connection', { sys_id: await links.consumer.accept(caller, request) }))[0] ?? {},
        );
      } catch (error) {
        // Our half is made and kept: the caller sees how far it came, and why no further.
        const { registration } = isFault(error) ? readQuietly(request.code) : { registration: '' };
        const [onboarding] = registration ? await records.findBy('sn_sb_onboarding', { registration }) : [];
        const [row] = onboarding ? await records.findBy('sn_sb_connection', { sys_id: onboarding.connection ?? '' }) : [];
        if (!row) throw error;
        return report(row);
      }
    },
    planAccept: async (request) => ({ plan: await links.consumer.planAccept(request) }),
    status: async (number) => (number === undefined ? all() : [await statusOf(number)]),
    async probe(number) {
      const row = await connectionOf(number);
      if (!row) throw noConnection();
      await links.heartbeat.beat(row.sys_id ?? '');
      return statusOf(number);
    },
    async changeAuth(number, options) {
      const row = await connectionOf(number);
      if (!row) throw noConnection();
      return links.authChanges.run(row, options);
    },
    async abortAuth(number) {
      const row = await connectionOf(number);
      if (!row) throw noConnection();
      if (!(await links.authChanges.abort(row)))
        throw new Fault('conflict', 'exchange.no_auth_change', 'The credentials of this connection are not being changed');
      return statusOf(number);
    },
    async retry(number) {
      const row = await connectionOf(number);
      if (!row) throw noConnection();
      await links.authChanges.advance(row);
      if (roleOf(row) === 'consumer') await links.consumer.advance(row.sys_id ?? '');
      if (row.state === 'onboarded') await links.heartbeat.beat(row.sys_id ?? '');
      return statusOf(number);
    },
    async move(number, options) {
      const row = await connectionOf(number);
      if (!row) throw noConnection();
      const plan = await movePeer(records, row, { ...options, ownUrl: ownUrl() });
      if (plan.applied) links.changed(row.sys_id ?? '');
      return plan;
    },
    async offboard(number, options) {
      const row = await connectionOf(number);
      if (!row) throw noConnection();
      return links.offboard.run(row, options);
    },
    async abort(number, { force, dryRun }) {
      const row = await connectionOf(number);
      const registration = await registrationOf(number);
      if (!row && !registration) throw noConnection();
      if (row?.state === 'onboarded' || registration?.registration_state === 'closed_complete') {
        throw new Fault('conflict', 'exchange.nothing_to_abort', 'This connection is not being registered', {
          explanation: 'One that works is ended by offboarding.',
        });
      }
      const plan = [
        ...(row ? [`remove connection ${number} with its integration user and registry records`] : []),
        ...(registration ? ['end the registration; its code cannot be used any more'] : ['tell the provider']),
      ];
      if (dryRun) return { plan, applied: false };
      if (registration) await links.provider.abort(registration, 'Ended by an administrator');
      else await links.consumer.abort(row?.sys_id ?? '', { force });
      return { plan, applied: true };
    },
  };
};

const readQuietly = (code: string): { registration: string } => {
  try {
    return { registration: readCode(code).invitation.registration };
  } catch {
    return { registration: '' };
  }
};
