// What the files of `causeway exchange` share: the instance they speak to, and how an answer is said.

import type { World } from '../command.ts';
import { demandAccount, openRemote, type Remote, type RemoteFlags } from '../remote.ts';

export const base = '/api/sn_sb/exchange_admin';

export type Flags = RemoteFlags & { json?: boolean };

/** `takes` says which role a refusal is about. */
export const open = (flags: RemoteFlags, world: World, takes = 'the role sn_sb.admin or admin'): Remote =>
  openRemote(demandAccount(flags, world.environment), world.fetcher, takes);

export const say = (world: World, flags: Flags, value: unknown, words: string): void =>
  world.out(flags.json ? `${JSON.stringify(value, null, 2)}\n` : words);

export const connectionPath = (number: string, verb = ''): string =>
  `${base}/connections/${encodeURIComponent(number)}${verb && `/${verb}`}`;
