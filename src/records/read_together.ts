// Records that several callers read one by one, read by one statement: those of the same turn of the event loop, and those that come while
// another statement is under way. On PostgreSQL the asking costs more than the record does. In the process there is nothing to share.
// It must not bring together what differs in more than the record: whoever shares a statement shares its rights and its columns.
import { isFault } from '../kit/fault.ts';
import type { Store, Value } from '../store/store.ts';
import type { OneStatement } from './query/compile/select.ts';

/** The row of the statement for this sys_id; undefined where there is none. Throws what the store throws. */
export type ReadOne = (one: OneStatement, sysId: string) => Promise<Value[] | undefined>;

interface Waiting {
  readonly sysId: string;
  readonly answer: (row: Value[] | undefined | Promise<Value[] | undefined>) => void;
}

interface Group {
  readonly waiting: Waiting[];
  /** Statements that PostgreSQL has not answered yet. */
  underWay: number;
}

/** Of these sizes are the statements, so that each connection prepares few. */
const sizes = [1, 2, 4, 8] as const;
const mostAtOnce = sizes[3];

const gathered = { steady: true, gathered: true } as const;

/** `later` runs what it is given at the end of this turn. */
export const makeReadOne = (store: Pick<Store, 'dialect' | 'read'>, later: (work: () => void) => unknown): ReadOne => {
  const ask = (one: OneStatement, sysIds: readonly string[]): Promise<Value[][]> => {
    const parameters: Value[] = [...one.parameters, ...sysIds];
    const size = sizes.find((each) => each >= sysIds.length) ?? mostAtOnce;
    for (let at = sysIds.length; at < size; at += 1) parameters.push(sysIds[0] ?? '');
    return store.read(one.sqlFor(size), parameters, gathered);
  };

  const first = (rows: Value[][]): Value[] | undefined => rows[0];
  const alone: ReadOne = (one, sysId) => ask(one, [sysId]).then(first);
  if (store.dialect.engine === 'sqlite') return alone;

  const groups = new Map<OneStatement, Group>();

  const answerAll = (waiting: readonly Waiting[], rows: readonly Value[][]): void => {
    // Two may have asked for the same record, and each may change what it was given.
    const isShared = rows.length < waiting.length;
    for (const { sysId, answer } of waiting) {
      // They are few: looking at each costs less than to keep them by name.
      const row = rows.find((each) => each[0] === sysId);
      answer(isShared ? row?.slice() : row);
    }
  };

  const failAll = (one: OneStatement, waiting: readonly Waiting[], error: unknown): void => {
    const isCrowded = isFault(error, 'store.overloaded');
    // What one of the records brought about is no other's failure.
    for (const { sysId, answer } of waiting) answer(isCrowded ? Promise.reject(error) : alone(one, sysId));
  };

  // A full statement never waits. What would fill one in part waits for the one under way: no longer than it would behind it.
  const send = (one: OneStatement, group: Group): void => {
    while (group.waiting.length >= mostAtOnce || (group.waiting.length > 0 && group.underWay === 0)) {
      group.underWay += 1;
      const waiting = group.waiting.splice(0, mostAtOnce);
      const asked = ask(
        one,
        waiting.map(({ sysId }) => sysId),
      );
      // PostgreSQL has its next question before this one's answers are worked on, so that both are at work.
      const sendNext = (): void => {
        group.underWay -= 1;
        send(one, group);
      };
      asked.then(
        (rows) => {
          sendNext();
          answerAll(waiting, rows);
        },
        (error) => {
          sendNext();
          failAll(one, waiting, error);
        },
      );
    }
    if (group.underWay === 0) groups.delete(one);
  };

  let isDue = false;
  const sendAll = (): void => {
    isDue = false;
    for (const [one, group] of groups) send(one, group);
  };

  return (one, sysId) =>
    new Promise((answer) => {
      if (!isDue) later(sendAll);
      isDue = true;
      const group = groups.get(one);
      if (group) group.waiting.push({ sysId, answer });
      else groups.set(one, { waiting: [{ sysId, answer }], underWay: 0 });
    });
};
