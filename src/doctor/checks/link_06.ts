// A round trip that grows announces an outage.
import { type Check, evidenceOf } from '../check.ts';

export const link06: Check = {
  code: 'LINK-06',
  title: 'Heartbeats are slow',
  severity: 'warning',
  needs: ['sn_sb_connection'],
  look({ facts, link }) {
    const limit = Number(facts.properties.get('sn_sb.slow_seconds') || 900) * 500;
    const trip = Number(link.row.hb_rtt_ms || 0);
    if (trip <= limit || link.row.outbound_status === 'down') return [];
    return [
      {
        summary: `A heartbeat took ${Math.round(trip / 1000)} s`,
        evidence: [evidenceOf('sn_sb_connection', link.row, 'hb_rtt_ms', `at most ${limit}`)],
        fix: 'Look at the load of both sides and at what waits',
      },
    ];
  },
};
