// Who works on a job: taken in a transaction, renewed with every step, lost when it is not. A step that commits had the lease.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, RecordsInTransaction, Row, Values } from '../../records/records.ts';
import type { Transaction } from '../../store/store.ts';
import type { ImportSets } from '../import_sets.ts';
import { cancelledMessage, JobCancelled, LeaseLost } from './job.ts';
import type { Uploads } from './uploads.ts';

const leaseMs = 30_000;
const renewEveryMs = 10_000;
const mostAttempts = 10;

export interface Leases {
  /** The oldest job that waits, or whose worker is gone; undefined when there is none. */
  claim(): Promise<Row | undefined>;
  /** To be called first in the transaction of every step. Throws LeaseLost, JobCancelled. */
  hold(transaction: Transaction, job: string, progress: Values): Promise<Row>;
  /**
   * Renews the lease of a job that is long between two steps, as when an address elsewhere is slow or a document long, until the answer is
   * called.
   */
  keep(job: string): () => void;
  /** Ends the job, whatever it ends as. */
  end(job: string, state: 'complete' | 'failed' | 'cancelled', values: Values): Promise<void>;
  /** Cancels a job that nobody works on; false when somebody does. */
  cancelWaiting(job: string): Promise<boolean>;
  /** Gives an unfinished job back. */
  release(job: string): Promise<void>;
}

export interface LeasesParts {
  records: Records;
  clock: Clock;
  worker: string;
  sets: Pick<ImportSets, 'giveUp'>;
  uploads: Pick<Uploads, 'remove'>;
}

export const makeLeases = ({ records, clock, worker, sets, uploads }: LeasesParts): Leases => {
  const lease = (): Values => ({ lease_owner: worker, lease_until: wireMoment(clock.now() + leaseMs) });

  const isFree = (job: Row, now: string): boolean =>
    job.state === 'ready' || (job.state === 'running' && (job.lease_until ?? '') < now);

  const giveUp = async (within: RecordsInTransaction, { sys_id: sysId = '', import_set: set = '' }: Row): Promise<Row> => {
    const message = `The import was begun ${mostAttempts} times and never got further`;
    if (set !== '') await sets.giveUp(within, set, 'failed');
    const free = { lease_owner: '', lease_until: '', completed: wireMoment(clock.now()) };
    return within.update(systemCaller, 'sys_import_job', sysId, { ...free, state: 'failed', message });
  };

  const take = async (sysId: string): Promise<Row | undefined> => {
    const taken = await records.write(async (transaction) => {
      const within = records.within(transaction);
      const [job] = await within.findBy('sys_import_job', { sys_id: sysId }, { limit: 1, forUpdate: true });
      if (!job || !isFree(job, wireMoment(clock.now()))) return undefined;
      const attempts = Number(job.attempts || 0) + 1;
      // Steps that succeed set the count back: only a job that brings its worker down again and again comes here.
      if (attempts > mostAttempts) return giveUp(within, job);
      return within.update(systemCaller, 'sys_import_job', sysId, { ...lease(), state: 'running', attempts: String(attempts) });
    });
    if (taken?.state !== 'failed') return taken;
    await uploads.remove(sysId);
    return undefined;
  };

  return {
    async claim() {
      const now = wireMoment(clock.now());
      const free = `state=ready^ORstate=running^lease_until<${now}^ORlease_untilISEMPTY^ORDERBYsys_created_on`;
      for (const { sys_id: sysId = '' } of await records.find('sys_import_job', free, { limit: 10 })) {
        const taken = await take(sysId);
        if (taken) return taken;
      }
      return undefined;
    },
    async hold(transaction, job, progress) {
      const within = records.within(transaction);
      const [row] = await within.findBy('sys_import_job', { sys_id: job }, { limit: 1, forUpdate: true });
      if (row?.lease_owner !== worker || row.state !== 'running') throw new LeaseLost();
      if (row.cancel_requested === 'true') throw new JobCancelled();
      return within.update(systemCaller, 'sys_import_job', job, { ...lease(), attempts: '0', ...progress });
    },
    keep(job) {
      let isOver = false;
      let stop = (): void => {};
      const renew = (): Promise<unknown> =>
        records.write(async (transaction) => {
          const within = records.within(transaction);
          const [row] = await within.findBy('sys_import_job', { sys_id: job }, { limit: 1, forUpdate: true });
          if (isOver || row?.lease_owner !== worker || row.state !== 'running') return;
          await within.update(systemCaller, 'sys_import_job', job, lease());
        });
      const next = (): void => {
        if (isOver) return;
        // A store that is away for a while costs the lease at worst, and then somebody else goes on.
        stop = clock.after(renewEveryMs, () => void renew().then(next, next));
      };
      next();
      return () => {
        isOver = true;
        stop();
      };
    },
    async end(job, state, values) {
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        const [row] = await within.findBy('sys_import_job', { sys_id: job }, { limit: 1, forUpdate: true });
        if (row?.lease_owner !== worker) return;
        const completed = wireMoment(clock.now());
        await within.update(systemCaller, 'sys_import_job', job, {
          ...values,
          state,
          completed,
          lease_owner: '',
          lease_until: '',
        });
      });
    },
    cancelWaiting: (job) =>
      records.write(async (transaction) => {
        const within = records.within(transaction);
        const [row] = await within.findBy('sys_import_job', { sys_id: job }, { limit: 1, forUpdate: true });
        if (row?.state !== 'ready') return false;
        const values = { state: 'cancelled', message: cancelledMessage, completed: wireMoment(clock.now()) };
        await within.update(systemCaller, 'sys_import_job', job, values);
        return true;
      }),
    async release(job) {
      await records.write(async (transaction) => {
        const within = records.within(transaction);
        const [row] = await within.findBy('sys_import_job', { sys_id: job }, { limit: 1, forUpdate: true });
        if (row?.lease_owner === worker && row.state === 'running')
          await within.update(systemCaller, 'sys_import_job', job, { state: 'ready', lease_owner: '', lease_until: '' });
      });
    },
  };
};
