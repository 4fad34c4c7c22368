// Every command there is: one file, one line.
import type { Command } from './command.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { exchangeCommand } from './exchange.ts';
import { importCommand } from './import.ts';
import { profileCommand } from './profile.ts';
import { queueCommand } from './queue.ts';
import { startCommand } from './start.ts';
import { tokenCommand } from './token.ts';

export const commands: readonly Command[] = [
  startCommand,
  demoCommand,
  tokenCommand,
  importCommand,
  exchangeCommand,
  queueCommand,
  doctorCommand,
  profileCommand,
];
