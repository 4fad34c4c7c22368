// What a command is, and the world it may touch. A command is one file and one line in commands.ts.
// It must not read globals: environment, streams and network come in through the world.
import type { Command as Program } from 'commander';
import type { Clock } from '../kit/clock.ts';

/** The terminal that reads what is said. */
export interface Screen {
  /** Characters in a line. */
  readonly columns: number;
  readonly hasColours: boolean;
}

export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly fetcher: typeof fetch;
  /** Resolves after that time and keeps the process alive until then. */
  wait(delayMs: number): Promise<unknown>;
  out(text: string | Buffer): void;
  complain(text: string): void;
  /** undefined where a file or a pipe takes what is said. */
  readonly screen?: Screen;
  /** One line on standard error, over the one before; '' takes it away. undefined where nobody watches. */
  showProgress?(line: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
  /** From a terminal without showing it, else all of standard input. */
  readSecret(question: string): Promise<string>;
  /** What somebody types as an answer; undefined where nobody sits there. */
  readLine?(question: string): Promise<string>;
  /** Runs `work` at the first SIGTERM or SIGINT and resolves when it is done; a second signal ends the process at once. */
  untilStopped(work: () => Promise<void>): Promise<void>;
  /** Sets the code with which the process will end. */
  exitWith(code: number): void;
}

export interface Command {
  /** Adds itself to the program. */
  register(program: Program, world: World): void;
}

/** The caller asked for what cannot be asked: said as a sentence, with the exit code `misused`. */
export class Misuse extends Error {}

/** 0 done · 1 it did not work · 2 asked wrongly (arguments, settings) · 3 the answer is no (token inspect, doctor) · 4 with warnings (doctor). */
export const exitCodes = { done: 0, failed: 1, misused: 2, refused: 3, warned: 4 } as const;
