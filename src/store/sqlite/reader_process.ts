// The program of a reader process: answers one read-only statement at a time. Started by readers.ts alone, with the file's path.
// It must not write, and it ends with its parent.
import { isFault } from '../../kit/fault.ts';
import type { Value } from '../store.ts';
import { openConnection } from './connection.ts';

export interface ReaderQuestion {
  sql: string;
  parameters: readonly Value[];
}

export type ReaderAnswer =
  | { rows: Value[][] }
  | { fault: { kind: string; code: string; message: string; detail: string | undefined } }
  | { error: string };

/** Waiting for a lock holds up nobody here but the one who asked. */
const busyMs = 5000;

const serve = (path: string): void => {
  const connection = openConnection(path, { readOnly: true, busyMs });
  const answer = ({ sql, parameters }: ReaderQuestion): ReaderAnswer => {
    try {
      return { rows: connection.all(sql, parameters) };
    } catch (error) {
      if (isFault(error)) return { fault: { kind: error.kind, code: error.code, message: error.message, detail: error.detail } };
      return { error: error instanceof Error ? error.message : String(error) };
    }
  };
  process.on('message', (question) => void process.send?.(answer(question as ReaderQuestion)));
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole group; the parent still wants its answers while it closes.
  process.on('SIGINT', () => {});
};

// A program, not a module: the import of its types by readers.ts is erased.
serve(process.argv[2] ?? '');
