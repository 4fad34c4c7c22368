// A command line run in this process, in a world of its own: what was printed, complained of, and the code it ended with.
import type { World } from '../../src/cli/command.ts';
import { runProgram } from '../../src/cli/program.ts';
import { systemClock } from '../../src/kit/clock.ts';

export interface Spoken {
  code: number;
  out: string;
  err: string;
}

export const speakCommand = async (args: readonly string[], given: Partial<World> = {}): Promise<Spoken> => {
  const spoken: Spoken = { code: 0, out: '', err: '' };
  await runProgram(args, {
    environment: {},
    clock: systemClock,
    random: Math.random,
    fetcher: fetch,
    wait: async () => {},
    out: (text) => {
      spoken.out += text;
    },
    complain: (text) => {
      spoken.err += text;
    },
    readInput: async () => '',
    readSecret: async () => '',
    untilStopped: async () => {},
    exitWith: (code) => {
      spoken.code = code;
    },
    ...given,
  });
  return spoken;
};
