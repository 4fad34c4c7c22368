// Everything that is measured, in the order of the table.
import type { Part } from '../part.ts';
import { exchange } from './exchange.ts';
import { growth } from './growth.ts';
import { imports } from './imports.ts';
import { peers } from './peers.ts';
import { profile } from './profile.ts';
import { provisioning } from './provisioning.ts';
import { requests } from './requests.ts';
import { scans } from './scans.ts';
import { scripted } from './scripted.ts';
import { start } from './start.ts';
import { tokenEndpoint } from './token_endpoint.ts';
import { tokens } from './tokens.ts';

export const parts: readonly Part[] = [
  requests,
  tokens,
  tokenEndpoint,
  scans,
  start,
  exchange,
  imports,
  provisioning,
  scripted,
  peers,
  growth,
  profile,
];
