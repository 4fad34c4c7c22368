// A lease that has ended and was not taken back: its worker died and nobody looked since.
import type { Check } from '../check.ts';

export const queue05: Check = {
  code: 'QUEUE-05',
  title: 'A lease is stuck',
  severity: 'warning',
  needs: ['queue summary'],
  look: ({ link }) =>
    (link.queue?.leasesStuck ?? 0) > 0
      ? [
          {
            summary: `${link.queue?.leasesStuck} lanes are leased by a worker that is gone`,
            fix: 'They are taken back by the next worker that looks; is one running?',
          },
        ]
      : [],
};
