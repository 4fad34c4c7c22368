// The mark on changes that the exchange itself makes, so that what came from a peer does not go back to it, and notes go nowhere.
// Must know no table.
import { type Caller, systemCaller } from '../records/caller.ts';

const mark = 'sn_sb';

/** A change that goes round among instances whose rules disagree ends after this many. */
export const longestWay = 6;

export interface Origin {
  /** sys_id of the connection; '' for notes. */
  readonly connection: string;
  readonly hops: number;
}

/** Undefined for a change that somebody here made. */
export const originOf = (caller: Caller): Origin | undefined => {
  const [kind, connection = '', hops = '0'] = caller.origin.split(':');
  return kind === mark ? { connection, hops: Number(hops) } : undefined;
};

/** The exchange, applying what a peer sent. */
export const peerCaller = (connection: string, hops: number, userName: string): Caller => ({
  ...systemCaller,
  userName,
  displayName: userName,
  origin: `${mark}:${connection}:${hops}`,
});

/** The exchange, writing a note for people here. No peer gets it. */
export const noteCaller: Caller = Object.freeze({ ...systemCaller, displayName: 'Service Exchange', origin: `${mark}:` });
