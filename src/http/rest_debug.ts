// What `glide.rest.debug` adds to the log of a call: who asked and with what, in the lines that support people know (auth.md §10.2).
// It must cost nothing while it is off, and not show what parameters hold that are no words of the API.
import type { IncomingMessage } from 'node:http';
import type { Properties } from '../records/properties.ts';
import type { Store } from '../store/store.ts';
import { queryTextOf } from './knock.ts';

const shownLength = 1_000;
/** `sysparm_ck` is a credential. */
const isShown = (name: string): boolean => name.startsWith('sysparm_') && name !== 'sysparm_ck';

/** Follows the property without asking for it: a call may be the last one that does not know of a change. */
export const makeRestDebug = ({
  properties,
  topics,
}: {
  properties: Pick<Properties, 'flag'>;
  topics: Pick<Store, 'topic'>;
}): (() => boolean) => {
  let seen = Number.NaN;
  let isOn = false;
  return () => {
    const now = topics.topic('properties');
    if (now !== seen) {
      seen = now;
      const told = (value: boolean): void => {
        if (seen === now) isOn = value;
      };
      const failed = (): void => {
        seen = Number.NaN;
      };
      void properties.flag('glide.rest.debug').then(told, failed);
    }
    return isOn;
  };
};

export const agentLine = ({ headers, httpVersion }: IncomingMessage): string => {
  const encoding = headers['accept-encoding'];
  return `User agent with HTTP/${httpVersion} and ${encoding ? `encoding ${encoding}` : 'no encoding'}: ${headers['user-agent'] ?? 'none'}`;
};

export const parametersLine = (message: IncomingMessage): string => {
  const shown = [...new URLSearchParams(queryTextOf(message))].map(([name, value]) => `${name}=${isShown(name) ? value : '…'}`);
  return `Parameters ------------------------- ${shown.join(' ')}`.trimEnd().slice(0, shownLength);
};
