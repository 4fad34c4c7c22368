// What one piece of work sees of the writer connection. Begin, savepoint and commit are group_commit.ts's.

import type { Transaction } from '../store.ts';
import type { TransactionState } from '../transaction_state.ts';
import type { Connection } from './connection.ts';
import { defineTables } from './define.ts';
import { sqliteDialect } from './dialect.ts';

/** `bumped` hears of each raised topic once the transaction is durable. */
export const makeSqliteTransaction = (parts: {
  connection: Connection;
  state: TransactionState;
  bumped: (topic: string, counter: number) => void;
}): Transaction => {
  const { connection, state, bumped } = parts;
  const run: Transaction['run'] = (sql, parameters = []) => state.statement(parameters, () => connection.run(sql, parameters));
  return {
    dialect: sqliteDialect,
    read: (sql, parameters = []) => state.statement(parameters, () => connection.all(sql, parameters)),
    run,
    send: (sql, parameters) => void run(sql, parameters).catch(() => {}),
    define: (tables) => state.statement([], () => defineTables(connection, tables)),
    bump: (topic) =>
      state.statement([topic], () => {
        const rows = connection.all(
          `INSERT INTO causeway_topic (name, counter) VALUES (?1, 1)
           ON CONFLICT (name) DO UPDATE SET counter = counter + 1 RETURNING counter`,
          [topic],
        );
        state.afterCommit(() => bumped(topic, Number(rows[0]?.[0])));
      }),
    afterCommit: state.afterCommit,
  };
};
