// Everything that is measured, in the order of the table.
import type { Part } from '../part.ts';
import { exchange } from './exchange.ts';
import { growth } from './growth.ts';
import { imports } from './imports.ts';
import { profile } from './profile.ts';
import { requests } from './requests.ts';
import { scans } from './scans.ts';
import { scripted } from './scripted.ts';
import { start } from './start.ts';
import { tokens } from './tokens.ts';

export const parts: readonly Part[] = [requests, tokens, scans, start, exchange, imports, growth, profile];
