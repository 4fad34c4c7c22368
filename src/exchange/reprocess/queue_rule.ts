// What happens when somebody edits a row of the queue by hand, as the original's administrators do: Error to Ready sends it again in
// its order, Error or Ready to Skipped lets the lane go on. Nothing else may be changed.
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Rule } from '../../records/records.ts';
import { reopenLane } from './reopen_lane.ts';

const isAllowed = (from: string, to: string): boolean =>
  from === to || (from === 'error' && to === 'ready') || ((from === 'error' || from === 'ready') && to === 'skipped');

export const makeQueueRule = ({ clock, wake }: { clock: Clock; wake: (connection: string) => void }): Rule => ({
  name: 'sn_transport_queue: states set by hand',
  tables: ['sn_transport_queue'],
  async check(_transaction, { operation, before, values }) {
    if (operation !== 'update') return;
    const [from = '', to = ''] = [before.state, values.state];
    if (!isAllowed(from, to) || (from !== to && before.direction !== 'outbound')) {
      throw new Fault('bad_request', 'exchange.state_by_hand', 'Invalid update', {
        explanation: 'Messages to the peer may be set from Error to Ready, or from Error or Ready to Skipped; nothing else.',
      });
    }
    if (from === 'error' && to !== from) Object.assign(values, { error_class: '', error_code: '', error_detail: '' });
  },
  async applied(transaction, { operation, before, after }) {
    if (operation !== 'update' || before.state === after.state) return;
    const isKnownToPeer = (before.peer_ack_at ?? '') !== '';
    const change = { seq: Number(before.seq), isReady: after.state === 'ready', isKnownToPeer };
    await reopenLane(transaction, after.lane ?? '', [change], clock.now());
    transaction.afterCommit(() => wake(after.connection ?? ''));
  },
});
