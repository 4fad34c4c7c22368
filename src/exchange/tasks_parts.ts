// What the rules, appliers and settlers of shared tasks are made of.
import type { Clock } from '../kit/clock.ts';
import type { Ids } from '../kit/ids.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import type { Records } from '../records/records.ts';
import type { Store } from '../store/store.ts';
import type { Supersede } from './reprocess/supersede.ts';
import type { Enqueue } from './seams.ts';

export interface TasksParts {
  /** Asked at each change: rules are made before there are records. */
  records: () => Records;
  store: Pick<Store, 'topic'>;
  /** The transport's; called long after it is there. */
  enqueue: Enqueue;
  /** The transport's, too. */
  supersede: Supersede;
  /** Of a field that is changed here: above what a database that was restored may have forgotten. */
  versionFloor?: () => number;
  /** What this instance can do of what an offer may need; unsaid: all that this program knows. */
  features?: readonly string[];
  clock: Clock;
  ids: Ids;
  log: Pick<LocalhostLog, 'write'>;
}
