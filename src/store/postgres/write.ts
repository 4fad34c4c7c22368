// One transaction on one connection: begun, worked, committed; run again where PostgreSQL asks for that.
import { type Clock, sleep } from '../../kit/clock.ts';
import type { CommitOptions, Transaction, Value } from '../store.ts';
import { makeTransactionState, type TransactionState } from '../transaction_state.ts';
import type { Connections, Lease } from './connections.ts';
import { defineTables } from './define.ts';
import { postgresDialect } from './dialect.ts';
import { isAborted, isConnectionLoss, isLeaving, isRetryable, isStalePlan, postgresFault } from './faults.ts';
import { raiseTopicSql } from './topics.ts';

/** Waits between attempts, with as much jitter on top. */
const retryDelaysMs = [1, 5, 20, 50, 100, 200, 400, 800];

interface Parts {
  connections: Connections;
  clock: Clock;
  random: () => number;
  bumped: (topic: string, counter: number) => void;
  /** Of each statement. */
  timeLimitMs: number;
}

/**
 * Read committed: rows that are read in order to change them are locked (`dialect.forUpdate`), everything else that two writers may
 * collide on is a unique index.
 */
export const makeWrite =
  (parts: Parts) =>
  async <T>(work: (transaction: Transaction) => Promise<T>, options: CommitOptions = {}): Promise<T> => {
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await attemptOnce(parts, work, options);
      if ('answer' in outcome) {
        outcome.state.committed();
        return outcome.answer;
      }
      const delayMs = retryDelaysMs[attempt];
      if (!outcome.mayRunAgain || delayMs === undefined) throw postgresFault(outcome.error);
      await sleep(parts.clock, delayMs * (1 + parts.random()));
    }
  };

type Outcome<T> = { answer: T; state: TransactionState } | { error: unknown; mayRunAgain: boolean };

const attemptOnce = async <T>(
  parts: Parts,
  work: (transaction: Transaction) => Promise<T>,
  options: CommitOptions,
): Promise<Outcome<T>> => {
  let lease: Lease;
  try {
    lease = await parts.connections.lease(options.prefersIndexes);
  } catch (error) {
    return { error, mayRunAgain: false };
  }
  const state = makeTransactionState();
  const statements = makeStatements();
  try {
    // Not awaited: it travels with the first statement.
    const begun = lease.begin(options.isRelaxed ?? false);
    begun.catch(() => {});
    const answer = await work(makeTransaction({ ...parts, lease, state, statements }));
    state.finish();
    try {
      // Behind what is still under way, without waiting for it: where a statement fails, PostgreSQL makes a rollback of it.
      await commit(lease, begun);
    } catch (error) {
      await statements.settled();
      if (!(error instanceof UnknownOutcome)) state.finish();
      throw error;
    }
    lease.release(false);
    return { answer, state };
  } catch (error) {
    state.close();
    await statements.settled();
    // What the driver raised, not what the work made of it, tells whether another attempt helps.
    const raised = statements.failure() ?? error;
    const isOver = isConnectionLoss(raised) || isStalePlan(raised) || !(await rolledBack(lease));
    lease.release(isOver);
    const mayRunAgain =
      !(error instanceof UnknownOutcome) && (isRetryable(raised) || isStalePlan(raised) || isConnectionLoss(raised));
    return { error: error instanceof UnknownOutcome ? error.cause : error, mayRunAgain };
  }
};

/** The connection broke while COMMIT was under way: it may have happened, so the work must not run again. */
class UnknownOutcome extends Error {}

const commit = async (lease: Lease, begun: Promise<unknown>): Promise<void> => {
  try {
    const command = await lease.commit();
    if (command !== 'COMMIT') throw new Error(`the transaction ended with ${command}`);
  } catch (error) {
    // A server that took its leave instead of an answer to BEGIN has not looked at what is behind that.
    const isUntouched = isLeaving(error) && (await isRejected(begun));
    if (isConnectionLoss(error) && !isUntouched) throw new UnknownOutcome('commit', { cause: error });
    throw error;
  }
};

const isRejected = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => false,
    () => true,
  );

const rolledBack = async (lease: Lease): Promise<boolean> => {
  try {
    await lease.rollBack();
    return true;
  } catch {
    return false;
  }
};

interface Statements {
  /** In the order they were asked for; the next is on its way before this one is answered. After a failure the server refuses the rest. */
  run<T>(statement: Promise<T>): Promise<T>;
  settled(): Promise<void>;
  /** What the driver raised first. */
  failure(): unknown;
}

const makeStatements = (): Statements => {
  let latest: Promise<unknown> = Promise.resolve();
  let failed: unknown;
  return {
    run(statement) {
      const before = latest;
      const mine = statement.catch(async (error: unknown) => {
        // Refused for the sake of an earlier one, which may be heard of later: that one tells what went wrong.
        await before.catch(() => {});
        failed ??= error;
        throw postgresFault(isAborted(error) ? failed : error);
      });
      latest = mine;
      return mine;
    },
    async settled() {
      for (let last: unknown; last !== latest; ) {
        last = latest;
        await latest.catch(() => {});
      }
    },
    failure: () => failed,
  };
};

const makeTransaction = (parts: Parts & { lease: Lease; state: TransactionState; statements: Statements }): Transaction => {
  const { lease, state, statements, timeLimitMs } = parts;
  const query = (sql: string, parameters: readonly Value[]) =>
    state.statement(parameters, () => statements.run(lease.query(sql, parameters, timeLimitMs)));
  return {
    dialect: postgresDialect,
    read: async (sql, parameters = []) => (await query(sql, parameters)).rows,
    run: async (sql, parameters = []) => (await query(sql, parameters)).touched,
    send: (sql, parameters = []) => void query(sql, parameters).catch(() => {}),
    define: (tables) => state.statement([], () => statements.run(defineTables(lease, tables))),
    async bump(topic) {
      const { rows } = await query(raiseTopicSql, [topic]);
      state.afterCommit(() => parts.bumped(topic, Number(rows[0]?.[0])));
    },
    afterCommit: state.afterCommit,
  };
};
