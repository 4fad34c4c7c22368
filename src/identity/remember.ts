// What a connection has proven stays proven for the same words on the same connection, until anything changes that the proof rested on.
// Must not outlive the connection, a minute, or a change of users, registrations, properties or tokens anywhere; nothing is kept of a
// token that works once.
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../kit/clock.ts';
import type { Identified, Knock } from './identity.ts';
import type { Topics } from './parts.ts';
import { attemptsTopic, propertiesTopic, providerKeysTopic, registrationsTopic, usersTopic } from './topics.ts';

interface Remembered {
  header: Buffer;
  /** As long as the header: room for what is to be compared with it. */
  heard: Buffer;
  stamp: number;
  untilMs: number;
  identified: Identified;
}

/** A bound of its own, should a change ever go unannounced. */
const keptMs = 60_000;

const everyTopic = [usersTopic, registrationsTopic, providerKeysTopic, attemptsTopic, propertiesTopic];

/** Asks `prove` unless this connection has said the same a moment ago. `moreTopics`: what tokens of our own rest on. */
export const makeRemember = (parts: { topics: Topics; clock: Clock; moreTopics: readonly string[] }) => {
  const { topics, clock } = parts;
  const names = [...everyTopic, ...parts.moreTopics];
  // Counters only grow, so their sum changes whenever one of them does.
  const stampNow = (): number => names.reduce((sum, name) => sum + topics.topic(name), 0);
  const known = new WeakMap<object, Remembered>();

  // Both lengths are the same for ASCII alone, which all credentials are: nothing else is taken for what was said before.
  const isSame = ({ header, heard, stamp, untilMs }: Remembered, words: string): boolean =>
    header.length === words.length &&
    heard.write(words) === words.length &&
    timingSafeEqual(header, heard) &&
    stamp === stampNow() &&
    clock.now() < untilMs;

  const proveAndKeep = async (connection: object, words: string, prove: () => Promise<Identified>): Promise<Identified> => {
    known.delete(connection);
    // Taken first: what changes while the proof is under way must undo it.
    const stamp = stampNow();
    const identified = await prove();
    const { holdsUntilMs } = identified;
    if (holdsUntilMs !== undefined) {
      const header = Buffer.from(words);
      const untilMs = Math.min(holdsUntilMs, clock.now() + keptMs);
      known.set(connection, { header, heard: Buffer.alloc(header.length), stamp, untilMs, identified });
    }
    return identified;
  };

  return (knock: Knock, prove: () => Promise<Identified>): Promise<Identified> | Identified => {
    const { connection, headers } = knock;
    if (connection === undefined || typeof headers.authorization !== 'string') return prove();
    const before = known.get(connection);
    return before && isSame(before, headers.authorization)
      ? before.identified
      : proveAndKeep(connection, headers.authorization, prove);
  };
};
