// What the checks say on their way, in the words of the original's log. DEBUG lines only while both properties are true.
// Must not be given a token: callers pass fingerprints.
import type { TransactionLog } from '../kit/localhost_log.ts';
import type { Properties } from './parts.ts';

export interface Narrator {
  readonly isDebugging: boolean;
  /** Written as `DEBUG: Auth <text>`. */
  debug(text: string): void;
  plain(text: string): void;
}

export const makeNarrator = async (log: TransactionLog, properties: Properties): Promise<Narrator> => {
  const isDebugging =
    (await properties.flag('com.snc.platform.security.oauth.debug')) && (await properties.flag('glide.auth.debug.enabled'));
  return {
    isDebugging,
    debug: (text) => {
      if (isDebugging) log.debug(`Auth ${text}`);
    },
    plain: (text) => log.plain(text),
  };
};

export const silentNarrator: Narrator = Object.freeze({ isDebugging: false, debug: () => undefined, plain: () => undefined });
