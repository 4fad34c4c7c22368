// A round trip that grows announces an outage: the latest heartbeat, and the deliveries of late against those before.
import { type Check, evidenceOf, type Found } from '../check.ts';
import { numberOf } from '../facts.ts';
import { spanOf } from '../outage.ts';

const lately = 20;
const growth = 5;
/** Below this nobody waits for anything. */
const leastMs = 2_000;

const middleOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export const link06: Check = {
  code: 'LINK-06',
  title: 'Round trips are slow, or grow',
  severity: 'warning',
  needs: ['sn_sb_connection', 'sn_sb_connection.hb_rtt_ms'],
  vendorCheck: 'Transport inbound queue slow',
  look({ facts, link }) {
    if (link.row.outbound_status === 'down') return [];
    const found: Found[] = [];
    const limit = numberOf(facts, 'sn_sb.slow_seconds', 900) * 500;
    const trip = Number(link.row.hb_rtt_ms || 0);
    if (trip > limit)
      found.push({
        summary: `A heartbeat took ${spanOf(trip)}, more than half of what makes a connection Slow`,
        evidence: [evidenceOf('sn_sb_connection', link.row, 'hb_rtt_ms', `at most ${limit}`)],
        fix: 'Look at the load of both sides and at what waits',
        about: 'heartbeat',
      });
    const [late, before] = [middleOf(link.roundTrips.slice(0, lately)), middleOf(link.roundTrips.slice(lately))];
    if (link.roundTrips.length >= 3 * lately && late > leastMs && late > growth * before)
      found.push({
        summary: `Deliveries take ${late} ms of late and took ${before} ms before`,
        evidence: [
          {
            table: 'sn_transport_attempt',
            sysId: '',
            record: link.number,
            field: 'duration_ms',
            value: String(late),
            expected: `about ${before}, as before`,
          },
        ],
        fix: 'Look at the load of the peer and at the network between',
        about: 'deliveries',
      });
    return found;
  },
};
