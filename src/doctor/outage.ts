// What an instance that restarts, upgrades or catches up looks like for a while, and what is a fault. Pure.
import { readWireMoment } from '../kit/clock.ts';
import type { Facts, Link } from './facts.ts';

export const directions = ['outbound', 'inbound'] as const;
export type Direction = (typeof directions)[number];

/** A restart, a deployment or a missed heartbeat is over by then. */
export const patienceMs = 120_000;

/** The reasons of a direction that a peer which is merely away gives; a refusal or a record that is wrong is none. */
export const isAbsence = (reason: string | undefined): boolean =>
  /^(silent|paused: (breaker|unavailable)|return_leg)/.test(reason ?? '');

/** Milliseconds since a moment; 0 where it is none. */
export const ageOf = (moment: string | undefined, facts: Facts): number => {
  const at = readWireMoment(moment ?? '');
  return Number.isNaN(at) ? 0 : Math.max(0, facts.now - at);
};

/** True where this direction has been down for so short a time, and for such a reason, that it may well end by itself. */
export const mayPass = (link: Link, direction: Direction, facts: Facts): boolean =>
  isAbsence(link.row[`${direction}_reason`]) && ageOf(link.row[`${direction}_since`], facts) < patienceMs;

/** `3 d 4 h`, `12 min`, `40 s`. */
export const spanOf = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  const hours = Math.round(seconds / 3600);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};
