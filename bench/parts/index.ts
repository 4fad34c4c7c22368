// Everything that is measured, in the order of the table.
import type { Part } from '../part.ts';
import { exchange } from './exchange.ts';
import { profile } from './profile.ts';
import { requests } from './requests.ts';

export const parts: readonly Part[] = [requests, profile, exchange];
