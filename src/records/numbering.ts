// Record numbers: prefix and padded counter of sys_number. In a quiet instance each insert takes its number inside its own transaction,
// so that numbers have no gaps; where many are made at once a block is taken beforehand, because from number to commit the inserts of
// one table would wait for each other. A block is lost with the process that took it.
import type { Clock } from '../kit/clock.ts';
import type { Dialect, Store, Transaction } from '../store/store.ts';
import type { Table } from './dictionary.ts';

export interface Numbers {
  /** Before the transaction of an insert: takes a block where the table is busy, else does nothing. */
  prepare(table: Table): Promise<void>;
  /** The next number of a table, or of the nearest ancestor that has one; '' where none has. Never one that was given before. */
  next(transaction: Transaction, table: Table): Promise<string>;
}

interface Counter {
  prefix: string;
  digits: number;
}

interface Block extends Counter {
  /** The table whose counter it is. */
  category: string;
  next: number;
  /** Behind the last one. */
  end: number;
}

/** What is known of one table: when its inserts came, and what is left of its block. */
interface Desk {
  stamp: number;
  second: number;
  taken: number;
  block: Block | undefined;
  taking: Promise<void> | undefined;
}

const busyPerSecond = 8;
const blockSize = 50;
const leastNumber = 10_001;

const written = ({ prefix, digits }: Counter, number: number): string => `${prefix}${String(number).padStart(digits, '0')}`;

const statements = (dialect: Dialect) => {
  const [numbers, number, category] = [dialect.name('sys_number'), dialect.name('number'), dialect.name('category')];
  const where = `WHERE ${category} = ${dialect.parameter(1)}`;
  return {
    move: `UPDATE ${numbers} SET ${number} = COALESCE(${number}, ${leastNumber}) + ${dialect.parameter(2)} ${where}
      RETURNING ${number}, ${dialect.name('prefix')}, ${dialect.name('maximum_digits')}`,
    // Only where nobody has taken more since.
    giveBack: `UPDATE ${numbers} SET ${number} = ${dialect.parameter(2)} ${where} AND ${number} = ${dialect.parameter(3)}`,
  };
};

/** `count` numbers in a row; undefined where neither the table nor an ancestor is numbered. */
const take = async (transaction: Transaction, table: Table, count: number): Promise<Block | undefined> => {
  const { move } = statements(transaction.dialect);
  for (const level of table.chain.toReversed()) {
    const [row] = await transaction.read(move, [level.name, count]);
    if (!row) continue;
    const [end, prefix, digits] = row;
    const width = Math.min(Math.max(Number(digits ?? 7), 0), 20);
    return {
      category: level.name,
      prefix: String(prefix ?? ''),
      digits: width,
      next: Number(end) - count,
      end: Number(end),
    };
  }
  return undefined;
};

/** Numbers of one transaction, taken at once. */
export interface TakenNumbers {
  /** undefined: all are given. */
  next(): string | undefined;
  /** Puts back what was not given; to be called before the transaction ends. */
  giveBack(): Promise<void>;
}

/** Undefined where neither the table nor an ancestor is numbered. */
export const takeNumbers = async (transaction: Transaction, table: Table, count: number): Promise<TakenNumbers | undefined> => {
  const block = await take(transaction, table, count);
  if (!block) return undefined;
  return {
    next() {
      if (block.next >= block.end) return undefined;
      block.next += 1;
      return written(block, block.next - 1);
    },
    async giveBack() {
      if (block.next >= block.end) return;
      await transaction.run(statements(transaction.dialect).giveBack, [block.category, block.next, block.end]);
    },
  };
};

export const makeNumbers = ({ store, clock }: { store: Store; clock: Clock }): Numbers => {
  const desks = new Map<string, Desk>();

  /** A changed row of sys_number ends every block: the next number is the one that was written there. */
  const deskOf = (table: Table): Desk => {
    const stamp = store.topic('numbers');
    const known = desks.get(table.name);
    if (known?.stamp === stamp) return known;
    const fresh: Desk = { stamp, second: 0, taken: 0, block: undefined, taking: undefined };
    desks.set(table.name, fresh);
    return fresh;
  };

  const isBusy = (desk: Desk): boolean => {
    const second = Math.floor(clock.now() / 1000);
    if (desk.second !== second) {
      // Busy lasts through the second that follows, or every second would begin with a queue.
      desk.taken = desk.second === second - 1 && desk.taken >= busyPerSecond ? busyPerSecond : 0;
      desk.second = second;
    }
    desk.taken += 1;
    return desk.taken > busyPerSecond;
  };

  return {
    async prepare(table) {
      if (!table.fields.has('number')) return;
      const desk = deskOf(table);
      if (!isBusy(desk) || (desk.block && desk.block.next < desk.block.end)) return;
      desk.taking ??= store
        .write((transaction) => take(transaction, table, blockSize))
        .then((block) => {
          desk.block = block;
        })
        .finally(() => {
          desk.taking = undefined;
        });
      await desk.taking;
    },
    async next(transaction, table) {
      const { block } = deskOf(table);
      if (block && block.next < block.end) {
        block.next += 1;
        return written(block, block.next - 1);
      }
      const one = await take(transaction, table, 1);
      return one ? written(one, one.next) : '';
    },
  };
};
