// Short reads that an index leads to few rows: several are under way on one connection, each behind the other, and PostgreSQL plans a
// statement once for all its parameters. Fewer system calls and wakings on both ends, and no planning, which costs more than such a read.
// Must not be given what may run long: whatever is behind it on the connection waits.
import pg from 'pg';
import { overloaded } from '../overloaded.ts';
import type { Value } from '../store.ts';
import { askAlone, type Descriptions } from './bundle.ts';
import { connectionSettings, lockTimeoutMs, type StatementNames, statementLimit } from './connections.ts';
import { isConnectionLoss, isStalePlan } from './faults.ts';
import { sendTogether } from './send_together.ts';

export interface SteadyReads {
  /** `isGathered`: nothing else of this turn could travel with it. Throws `store.overloaded`, and what the driver raises. */
  read(sql: string, parameters: readonly Value[], isGathered?: boolean): Promise<Value[][]>;
  close(): Promise<void>;
}

interface Line {
  /** Counted from the first line on. */
  readonly number: number;
  readonly client: pg.Client;
  readonly opened: Promise<unknown>;
  readonly descriptions: Descriptions;
  underWay: number;
}

/** As many as one process can keep busy, which works longer on an answer than PostgreSQL on such a question. */
const lineLimit = 3;
/** Reads under way on a line before the next is used. */
const depth = 4;

export const makeSteadyReads = (parts: {
  url: string;
  nameOf: StatementNames;
  waitingLimit: number;
  timeLimitMs: number;
}): SteadyReads => {
  const lines = new Set<Line>();
  const leaving = new Set<Promise<void>>();
  let opened = 0;
  let underWay = 0;

  /** What is under way on it is still answered. The driver never ends what it has not opened. */
  const retire = (line: Line): void => {
    if (!lines.delete(line)) return;
    const left = line.opened.then(() => line.client.end()).catch(() => {});
    leaving.add(left);
    void left.then(() => leaving.delete(left));
  };

  const retireUpTo = (last: number): void => {
    for (const line of [...lines]) if (line.number <= last) retire(line);
  };

  const open = (): Line => {
    const client = new pg.Client({
      ...connectionSettings(parts.url),
      pipeline: true,
      statement_timeout: parts.timeLimitMs,
      lock_timeout: lockTimeoutMs,
      // An index leads to what is asked, so no plan that reads a whole table can be the better one, whatever it looked like when made.
      options: [
        'plan_cache_mode=force_generic_plan',
        'jit=off',
        ...['seqscan', 'hashjoin', 'mergejoin'].map((way) => `enable_${way}=off`),
      ]
        .map((setting) => `-c ${setting}`)
        .join(' '),
    });
    opened += 1;
    const line: Line = { number: opened, client, opened: client.connect(), descriptions: new Map(), underWay: 0 };
    for (const event of ['error', 'end'] as const) client.on(event, () => retire(line));
    lines.add(line);
    return line;
  };

  const choose = (): Line => {
    let calmest: Line | undefined;
    for (const line of lines) {
      if (line.underWay < depth) return line;
      if (calmest === undefined || line.underWay < calmest.underWay) calmest = line;
    }
    return calmest === undefined || lines.size < lineLimit ? open() : calmest;
  };

  return {
    async read(sql, parameters, isGathered = false) {
      if (underWay >= parts.waitingLimit) throw overloaded();
      const line = choose();
      const youngest = opened;
      underWay += 1;
      line.underWay += 1;
      try {
        await line.opened;
        sendTogether(line.client, isGathered ? queueMicrotask : setImmediate);
        const asked = { name: parts.nameOf(sql), text: sql, values: parameters };
        return (await askAlone(line.client, asked, line.descriptions)).rows;
      } catch (error) {
        // Who left one line has left those that stood when this was asked; where that is not so, what is under way there is answered.
        if (isConnectionLoss(error) || isStalePlan(error)) retireUpTo(youngest);
        throw error;
      } finally {
        underWay -= 1;
        line.underWay -= 1;
        if (line.descriptions.size > statementLimit) retire(line);
      }
    },
    async close() {
      retireUpTo(opened);
      await Promise.all(leaving);
    },
  };
};
