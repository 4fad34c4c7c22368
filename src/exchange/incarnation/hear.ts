// What a handshake says of incarnations, remembered: who the peer is now, and what it knows of this instance. Either may turn out to be older
// than the other knows it. Moves nothing.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Incarnation } from './incarnation.ts';
import { isBehind, isLater, isReborn } from './lineage.ts';

export interface HearParts {
  records: Records;
  clock: Clock;
  log: Pick<LocalhostLog, 'write'>;
  own: Pick<Incarnation, 'text' | 'remembers'>;
  /** The peer was adopted since: what waited for that goes on. */
  cameBack: (connection: string) => void;
}

/** `connection`: the row as it was before this handshake. */
export type Hear = (connection: Row, said: { incarnation: string; knows: string }) => Promise<void>;

export const makeHear =
  ({ records, clock, log, own, cameBack }: HearParts): Hear =>
  async (connection, { incarnation, knows }) => {
    const known = connection.peer_incarnation ?? '';
    const isOlder = isBehind(incarnation, known);
    const isNew = isReborn(incarnation, known);
    const values: Record<string, string> = {};
    if (knows !== connection.known_incarnation && !(await own.remembers(knows))) {
      values.known_incarnation = knows;
      log.write({
        level: 'severe',
        text: `Service Exchange ${connection.connection_id}: the peer has heard of this instance as ${knows}, which its database knows nothing of (it is ${own.text()}). Nothing moves on this connection until \`causeway exchange adopt\` or \`causeway exchange detach\``,
      });
    }
    if (isOlder) {
      const moment = wireMoment(clock.now());
      if (connection.stale_incarnation !== incarnation)
        log.write({
          level: 'warning',
          text: `Service Exchange ${connection.connection_id}: the peer presents itself as ${incarnation}, and was ${known}: an older database was restored there, or a copy calls`,
        });
      Object.assign(values, { stale_incarnation: incarnation, stale_incarnation_at: moment });
    } else if (isLater(incarnation, known)) {
      values.peer_incarnation = incarnation;
      if (isNew) Object.assign(values, { stale_incarnation: '', stale_incarnation_at: '' });
    }
    if (Object.keys(values).length > 0)
      await records.write((transaction) =>
        records.within(transaction).update(systemCaller, 'sn_sb_connection', connection.sys_id ?? '', values),
      );
    if (isNew) {
      log.write({
        level: 'plain',
        text: `Service Exchange ${connection.connection_id}: the peer was adopted, and is ${incarnation}`,
      });
      cameBack(connection.sys_id ?? '');
    }
  };
