// Who acts. Made by identity/, read by everything that decides rights.
import type { MomentFormats } from './moment_formats.ts';

export interface Caller {
  /** '' for the system itself. */
  readonly userSysId: string;
  /** Written into sys_created_by and sys_updated_by. */
  readonly userName: string;
  readonly displayName: string;
  /** Names of all roles held: direct, contained, and through groups. */
  readonly roles: ReadonlySet<string>;
  /** IANA zone of the user; UTC where none is set. */
  readonly timeZone: string;
  /** How he writes moments; absent: as they are stored. */
  readonly formats?: MomentFormats | undefined;
  /** The system itself: rights, read-only fields and access flags do not bind it. Never made from a request. */
  readonly isSystem: boolean;
  /** Nobody signed in: what everybody who is signed in may do is not for them. */
  readonly isGuest?: boolean;
  /** Ancestry of a change made by the exchange, so that it is not sent back; '' otherwise. */
  readonly origin: string;
}

export const systemCaller: Caller = Object.freeze({
  userSysId: '',
  userName: 'system',
  displayName: 'System',
  roles: new Set<string>(['admin']),
  timeZone: 'UTC',
  isSystem: true,
  origin: '',
});

/** The system's work under a person's name: what he may do was decided before. */
export const inNameOf = (caller: Caller): Caller => ({ ...caller, isSystem: true });

export const hasRole = (caller: Caller, ...roles: readonly string[]): boolean =>
  caller.isSystem || caller.roles.has('admin') || roles.some((role) => caller.roles.has(role));
