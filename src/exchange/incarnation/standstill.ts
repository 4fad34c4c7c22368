// What stands still while it is not known that this is the successor: nothing goes out, nothing is taken, and the status says why. The one place
// that says so for everything that moves.
import { Fault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Row } from '../../records/records.ts';
import type { ConnectionView } from '../seams.ts';
import type { Incarnation } from './incarnation.ts';
import { isBehind, isReborn } from './lineage.ts';

/** `quarantined`: the whole instance. `incarnation_behind`: this peer knows a later one. `resuming`: lanes are being compared. */
export interface Standstill {
  readonly reason: 'quarantined' | 'incarnation_behind' | 'resuming';
  readonly detail: string;
}

const ways = 'causeway exchange adopt: this is the successor; causeway exchange detach: this is a copy';

export const makeStandstill =
  (incarnation: Incarnation) =>
  (connection: Row): Standstill | undefined => {
    const quarantine = incarnation.quarantine();
    if (quarantine) return { reason: 'quarantined', detail: `${quarantine.detail}. ${ways}` };
    const known = connection.known_incarnation ?? '';
    // Until it is adopted: that its own mark may come so far in time says nothing.
    if (known !== '' && !isReborn(incarnation.text(), known))
      return {
        reason: 'incarnation_behind',
        detail: `The peer has heard of this instance as ${known}, which its database knows nothing of (it is ${incarnation.text()}): an older one was restored, or there are two of them. ${ways}`,
      };
    if (connection.resume_due === 'true')
      return {
        reason: 'resuming',
        detail: 'This instance was adopted: lanes are compared with the peer before anything is sent',
      };
    return undefined;
  };

/** The way out, closed while this instance is quarantined. Throws `exchange.quarantined` then. */
export const guardOutbound = (outbound: Outbound, incarnation: Incarnation): Outbound => ({
  ...outbound,
  async send(request) {
    if (incarnation.quarantine())
      throw new Fault('unavailable', 'exchange.quarantined', 'This instance is quarantined, and calls nobody');
    return outbound.send(request);
  },
});

/** For what an administrator asks for. Throws `exchange.quarantined`. */
export const demandActive = (incarnation: Incarnation): void => {
  const quarantine = incarnation.quarantine();
  if (quarantine)
    throw new Fault('conflict', 'exchange.quarantined', 'This instance is quarantined', {
      explanation: `${quarantine.detail}. ${ways}`,
    });
};

/** A peer comes back less often than for a moment's overload; an adopted instance calls it by itself. */
const comeBackSeconds = 60;

const mismatch = (explanation: string): Fault =>
  new Fault('conflict', 'exchange.incarnation_mismatch', 'This is not the instance that the connection was made with', {
    explanation,
    retryAfterSeconds: comeBackSeconds,
  });

/** For strangers too: no words about what was found. Throws `exchange.incarnation_mismatch`. */
export const admitAnybody = (incarnation: Incarnation): void => {
  if (incarnation.quarantine()) throw mismatch('The instance that was called is quarantined.');
};

/** `said`: of the caller, '' where it says none. Throws `exchange.incarnation_mismatch`. */
export const makeAdmitPeer = (incarnation: Incarnation, standstillOf: ReturnType<typeof makeStandstill>) => {
  const admit = async ({ row }: ConnectionView, said: string): Promise<void> => {
    admitAnybody(incarnation);
    // A handshake says nothing in its headers: it is how either side learns of it.
    if (said === '') return;
    if (standstillOf(row)?.reason === 'incarnation_behind')
      throw mismatch('The instance that was called is older than the one that the caller knows.');
    if (isBehind(said, row.peer_incarnation))
      throw mismatch(`The caller is ${said}, and a later one is known: ${row.peer_incarnation}.`);
  };
  return admit;
};
