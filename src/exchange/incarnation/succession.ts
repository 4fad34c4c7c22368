// What an administrator says of a database that was restored or copied: this is the successor, or this is a copy. The one place where an
// incarnation begins. A copy lets go of every connection here, and neither its peers nor the original hear of it.
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import type { Offboard, OffboardPlan } from '../offboard/offboard.ts';
import type { Incarnation } from './incarnation.ts';
import type { Kept } from './judge_copy.ts';
import { incarnationTopic, readKept, writeKept } from './kept_row.ts';
import { lineageText, readLineage } from './lineage.ts';
import type { Standstill } from './standstill.ts';

export interface IdentityReport {
  readonly instance_id: string;
  readonly incarnation: string;
  readonly quarantined: boolean;
  /** A word, and a sentence; '' where all is well. */
  readonly reason: string;
  readonly detail: string;
  /** Connections on which nothing moves, and why. */
  readonly connections: readonly { connection_id: string; peer_url: string; reason: string; detail: string }[];
  /** What to say, where something is to be said. */
  readonly commands: readonly string[];
}

export interface AdoptReport {
  readonly applied: boolean;
  readonly instance_id: string;
  readonly from: string;
  readonly to: string;
  readonly plan: readonly string[];
}

export interface DetachReport {
  readonly applied: boolean;
  readonly from: string;
  /** '' for a dry run: it is made when it is done. */
  readonly to: string;
  readonly connections: readonly OffboardPlan[];
  readonly registrations: number;
}

export interface Succession {
  report(): Promise<IdentityReport>;
  /** Throws `exchange.nothing_to_adopt`, `exchange.foreign_key`. */
  adopt(by: string, options: { dryRun: boolean }): Promise<AdoptReport>;
  /** Throws `exchange.not_quarantined` unless `force`. */
  detach(by: string, options: { dryRun: boolean; force: boolean }): Promise<DetachReport>;
}

export interface SuccessionParts {
  records: Records;
  clock: Clock;
  log: Pick<LocalhostLog, 'write'>;
  incarnation: Incarnation;
  standstillOf: (connection: Row) => Standstill | undefined;
  offboard: Pick<Offboard, 'run'>;
  changed: (connection: string) => void;
}

const commands = ['causeway exchange adopt --dry-run', 'causeway exchange detach --dry-run'];
const openRegistrations = 'registration_stateINawaiting_validation,open,work_in_progress';

export const makeSuccession = (parts: SuccessionParts): Succession => {
  const { records, clock, log, incarnation, standstillOf } = parts;

  const connections = (): Promise<Row[]> => records.find('sn_sb_connection', 'ORDERBYconnection_id');

  const report = async (): Promise<IdentityReport> => {
    const quarantine = incarnation.quarantine();
    const still = (await connections()).flatMap((row) => {
      const found = row.state === 'onboarded' ? standstillOf(row) : undefined;
      return found ? [{ connection_id: row.connection_id ?? '', peer_url: row.peer_url ?? '', ...found }] : [];
    });
    const behind = still.find(({ reason }) => reason === 'incarnation_behind');
    return {
      instance_id: incarnation.instanceId,
      incarnation: incarnation.text(),
      quarantined: quarantine !== undefined,
      reason: quarantine?.reason ?? behind?.reason ?? '',
      detail: quarantine?.detail ?? behind?.detail ?? '',
      connections: still,
      commands: quarantine || behind ? commands : [],
    };
  };

  const lockKept = async (transaction: Transaction): Promise<Kept> => {
    const kept = await readKept(transaction, true);
    if (!kept) throw new Error('the row of causeway_incarnation is gone');
    return kept;
  };

  const successorOf = (kept: Kept, rows: readonly Row[]): Kept =>
    incarnation.next(kept, Math.max(0, ...rows.map((row) => readLineage(row.known_incarnation)?.incarnation ?? 0)));

  const adoptPlan = (from: Kept, to: Kept, rows: readonly Row[]): string[] => [
    `go on as ${to.instanceId}, incarnation ${lineageText(to.lineage)}: whoever else runs as ${lineageText(from.lineage)} or before is refused by the peers`,
    ...rows.map(
      ({ connection_id, peer_url }) =>
        `${connection_id}: compare every lane with ${peer_url}, then send and take what is missing`,
    ),
    ...(from.baseUrl !== '' && from.baseUrl !== to.baseUrl
      ? [
          `be known as ${to.baseUrl}; the peers go on calling ${from.baseUrl}, until an administrator there says causeway exchange address NUMBER --peer ${to.baseUrl}`,
        ]
      : []),
  ];

  return {
    report,

    async adopt(by, { dryRun }) {
      const now = await report();
      if (now.reason === '')
        throw new Fault('conflict', 'exchange.nothing_to_adopt', 'This instance is not quarantined', {
          explanation: `It is ${now.instance_id}, incarnation ${now.incarnation}.`,
        });
      if (now.reason === 'foreign_key')
        throw new Fault('conflict', 'exchange.foreign_key', 'The database was sealed under another instance key', {
          explanation:
            'Start this instance with that key (CAUSEWAY_INSTANCE_KEY, or instance.key in the data folder), or detach it.',
        });
      const rows = (await connections()).filter(({ state }) => state === 'onboarded');
      const done = await records.write(async (transaction) => {
        const from = await lockKept(transaction);
        const to = successorOf(from, rows);
        if (!dryRun) {
          await writeKept(transaction, to, { now: clock.now(), adoptedBy: by });
          const within = records.within(transaction);
          for (const row of rows)
            await within.update(systemCaller, 'sn_sb_connection', row.sys_id ?? '', {
              known_incarnation: '',
              resume_due: 'true',
              resume_report: '',
            });
          await transaction.bump(incarnationTopic);
        }
        return { from, to };
      });
      const plan = adoptPlan(done.from, done.to, rows);
      const [from, to] = [lineageText(done.from.lineage), lineageText(done.to.lineage)];
      if (!dryRun) {
        await incarnation.refresh();
        log.write({
          level: 'warning',
          text: `Service Exchange: ${by} has adopted this database; it was ${from} and is ${to} now`,
        });
        for (const row of rows) parts.changed(row.sys_id ?? '');
      }
      return { applied: !dryRun, instance_id: done.to.instanceId, from, to, plan };
    },

    async detach(by, { dryRun, force }) {
      const now = await report();
      if (now.reason === '' && !force)
        throw new Fault('conflict', 'exchange.not_quarantined', 'Nothing says that this is a copy', {
          explanation: 'Its connections are ended by offboarding. Where it is a copy all the same, say so (--force).',
        });
      const rows = await connections();
      const options = { dryRun: true, dropUndelivered: true, deleteTasks: false };
      const plans = await Promise.all(rows.map((row) => parts.offboard.run(row, options)));
      const open = await records.find('sn_sb_pro_registration', openRegistrations);
      const answer = { from: now.instance_id, registrations: open.length };
      if (dryRun) return { ...answer, applied: false, to: '', connections: plans };
      // At once for all: nothing of them is open from here on, and this is nobody's twin any more. Then they are removed one by one.
      const to = await records.write(async (transaction) => {
        const next = incarnation.another(await lockKept(transaction));
        const within = records.within(transaction);
        for (const row of rows)
          await within.update(systemCaller, 'sn_sb_connection', row.sys_id ?? '', { state: 'offboarding', active: 'false' });
        for (const row of open)
          await within.update(systemCaller, 'sn_sb_pro_registration', row.sys_id ?? '', {
            registration_state: 'closed_incomplete',
            state: '4',
            step: 'aborted',
            step_error: 'This instance was detached as a copy',
          });
        await writeKept(transaction, next, { now: clock.now(), adoptedBy: by });
        await transaction.bump(incarnationTopic);
        return next.instanceId;
      });
      await incarnation.refresh();
      const removed: OffboardPlan[] = [];
      for (const row of rows)
        removed.push(await parts.offboard.run({ ...row, state: 'offboarding' }, { ...options, dryRun: false }));
      log.write({ level: 'warning', text: `Service Exchange: ${by} has detached this copy of ${answer.from}; it is ${to} now` });
      return { ...answer, applied: true, to, connections: removed };
    },
  };
};
