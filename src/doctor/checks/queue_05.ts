// A lease that has ended and was not taken back: its worker died and nobody looked since.
import { type Check, evidenceOf } from '../check.ts';
import { spanOf } from '../outage.ts';

export const queue05: Check = {
  code: 'QUEUE-05',
  title: 'A lease is stuck',
  severity: 'warning',
  needs: ['sn_transport_lane'],
  look({ facts, link }) {
    const [first] = link.stuckLanes;
    if (!first) return [];
    return [
      {
        summary: `${link.stuckLanes.length} ${link.stuckLanes.length === 1 ? 'lane is' : 'lanes are'} leased by a worker that is gone, the first since ${spanOf(facts.now - Number(first.due_at))}`,
        evidence: [evidenceOf('sn_transport_lane', first, 'lease', '(empty)')],
        fix: 'The next worker that looks takes them back: is one running, and is the connection not paused?',
        commands: [`causeway exchange retry ${link.number}`],
        about: 'lease',
      },
    ];
  },
};
