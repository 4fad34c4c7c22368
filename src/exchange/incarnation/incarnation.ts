// Who this instance is, and whether it may speak: judged at the start, before anybody is answered, and again whenever another process adopts
// the database or an older one is put under this one while it runs. Counts the mark on. Must not call a peer.
import { type Clock, readWireMoment } from '../../kit/clock.ts';
import type { Ids } from '../../kit/ids.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Sealer } from '../../kit/seal.ts';
import { every } from '../../kit/timer.ts';
import type { Store, Transaction } from '../../store/store.ts';
import { judgeCopy, type Kept, type Quarantine } from './judge_copy.ts';
import { hasConnections, incarnationTopic, type KeptRow, makeKept, readKept, writeKept } from './kept_row.ts';
import { isBefore, isOwnPast, lineageText, noHistory, readLineage, writeMark } from './lineage.ts';
import { readOutside, writeOutside } from './outside.ts';
import { readPlace } from './place.ts';

export interface IncarnationParts {
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Pick<LocalhostLog, 'write'>;
  sealer: Pick<Sealer, 'seal' | 'open'>;
  /** The data folder. */
  folder: string;
  /** What openStore takes. */
  location: string;
  /** As it was set; '' where it was not. */
  baseUrl: string;
  /** Of an instance that has none yet. */
  firstId: string;
}

export interface Incarnation {
  readonly instanceId: string;
  /** `2.1042.5f0c11d2` */
  text(): string;
  /** Whether a peer that has heard this of us heard it of this database: not of a later state of it, nor of a copy that goes on elsewhere. */
  remembers(text: string): Promise<boolean>;
  /** Why nothing may be exchanged; undefined where all is well. */
  quarantine(): Quarantine | undefined;
  /** What versions of fields count from, so that what is changed here is newer than what was lost. */
  versionFloor(): number;
  /** The successor of `kept`, as this process is: for adopting. `above`: what others know of it. */
  next(kept: Kept, above: number): Kept;
  /** Another instance, as this process is: for detaching. */
  another(kept: Kept): Kept;
  /** Reads the row again and judges; after a change of it, at once. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

interface Standing {
  readonly kept: Kept;
  readonly quarantine: Quarantine | undefined;
}

const tickMs = 15_000;
const markMs = 60_000;
const versionsPerIncarnation = 1_000_000;
const sealContext = 'causeway_incarnation.seal';

export const openIncarnation = async (parts: IncarnationParts): Promise<Incarnation> => {
  const { store, clock, ids, log, sealer, folder, baseUrl } = parts;
  const writer = ids.randomHex(8);
  const place = await readPlace(store, parts.location);
  let outside = await readOutside(folder);
  let standing: Standing | undefined;
  let stamp = -1;

  const isOwnKey = ({ seal, instanceId }: Kept): boolean => {
    try {
      return seal === '' || sealer.open(seal, sealContext) === instanceId;
    } catch {
      return false;
    }
  };

  /** As this process is; a fact that it does not know stays as it was. */
  const here = (kept: Kept): Kept => ({
    ...kept,
    baseUrl: baseUrl || kept.baseUrl,
    place: place || kept.place,
    seal: kept.seal !== '' && isOwnKey(kept) ? kept.seal : sealer.seal(kept.instanceId, sealContext),
  });

  const judge = (kept: Kept): Quarantine | undefined => judgeCopy(kept, { baseUrl, place, outside, isOwnKey: isOwnKey(kept) });

  const another = (kept: Kept): Kept =>
    begin({ ...kept, instanceId: ids.randomHex(32), formerId: kept.instanceId, seal: '' }, 1, 0);

  /** Nothing of before counts any more. */
  const begin = (kept: Kept, incarnation: number, mark: number): Kept =>
    here({ ...kept, ...writeMark({ lineage: { incarnation, mark, writer }, history: noHistory }, writer) });

  const advance = async (transaction: Transaction, kept: Kept, found: Quarantine | undefined): Promise<Kept> => {
    // Only one without connections gets here as a copy: two of them must not be one when they meet. An older one goes on behind the later.
    const later =
      outside?.instanceId === kept.instanceId && isBefore(kept.lineage, outside.lineage) ? outside.lineage : kept.lineage;
    const next =
      found?.reason === 'copied' ? another(kept) : here({ ...kept, ...writeMark({ ...kept, lineage: later }, writer) });
    await writeKept(transaction, next, { now: clock.now() });
    return next;
  };

  /** Also where the clock was turned back. */
  const isDue = ({ markAt }: KeptRow): boolean => {
    const ageMs = clock.now() - readWireMoment(markAt);
    return !(ageMs > -markMs && ageMs < markMs);
  };

  const settle = (isStart: boolean): Promise<Standing> =>
    store.write(async (transaction) => {
      if (isStart) await makeKept(transaction, parts.firstId, clock.now());
      const kept = await readKept(transaction, true);
      if (!kept) throw new Error('the row of causeway_incarnation is gone');
      const found = judge(kept);
      if (await hasConnections(transaction)) {
        if (found || !(isStart || isDue(kept))) return { kept, quarantine: found };
      } else if (!isStart && !found) return { kept, quarantine: undefined };
      return { kept: await advance(transaction, kept, found), quarantine: undefined };
    });

  const look = async (isStart: boolean): Promise<void> => {
    const seen = store.topic(incarnationTopic);
    const kept = isStart ? undefined : await readKept(store);
    const isCalm = kept && standing && !standing.quarantine && !judge(kept) && !isDue(kept);
    const next: Standing = isCalm ? { kept, quarantine: undefined } : await settle(isStart);
    tell(next);
    standing = next;
    stamp = seen;
    // First the database, then the file: one that was killed between has a file that is older, and that is no sign of anything.
    if (next.quarantine === undefined) await remember(next.kept);
  };

  const remember = async ({ instanceId, lineage }: Kept): Promise<void> => {
    if (outside?.instanceId === instanceId && lineageText(outside.lineage) === lineageText(lineage)) return;
    const next = { instanceId, lineage };
    // An instance serves without it; its peers notice what it would not.
    await writeOutside(folder, next, writer).then(() => {
      outside = next;
    }, complain);
  };

  const tell = ({ kept, quarantine }: Standing): void => {
    const before = standing?.quarantine?.reason;
    if (quarantine && quarantine.reason !== before)
      log.write({
        level: 'severe',
        text: `Service Exchange is quarantined: ${quarantine.detail}. Nothing is sent or taken until an administrator says \`causeway exchange adopt\` (this is the successor) or \`causeway exchange detach\` (this is a copy)`,
      });
    if (before !== undefined && !quarantine)
      log.write({
        level: 'plain',
        text: `Service Exchange: the quarantine is over; this is ${kept.instanceId} ${lineageText(kept.lineage)}`,
      });
  };

  const complain = (error: unknown): void =>
    void log.write({ level: 'warning', text: `Exchange: the incarnation was not looked at: ${(error as Error).message}` });

  let looking: Promise<void> | undefined;
  const refresh = (): Promise<void> => {
    looking ??= look(false).finally(() => {
      looking = undefined;
    });
    return looking;
  };

  await look(true);
  const timer = every(clock, tickMs, refresh, complain);

  const current = (): Standing => {
    if (store.topic(incarnationTopic) !== stamp) void refresh().catch(complain);
    if (!standing) throw new Error('the incarnation was never looked at');
    return standing;
  };

  return {
    get instanceId() {
      return current().kept.instanceId;
    },
    text: () => lineageText(current().kept.lineage),
    async remembers(text) {
      const known = readLineage(text);
      if (!known || isOwnPast(current().kept, known)) return true;
      // Another process may have written it a moment ago.
      await refresh();
      return isOwnPast(current().kept, known);
    },
    quarantine: () => current().quarantine,
    versionFloor() {
      const { kept, quarantine } = current();
      return (kept.lineage.incarnation - (quarantine ? 0 : 1)) * versionsPerIncarnation;
    },
    next(kept, above) {
      const known = outside?.instanceId === kept.instanceId ? outside.lineage : kept.lineage;
      const incarnation = Math.max(kept.lineage.incarnation, known.incarnation, above) + 1;
      return begin(kept, incarnation, Math.max(kept.lineage.mark, known.mark));
    },
    another,
    refresh,
    async stop() {
      await timer.stop();
      await looking?.catch(() => {});
    },
  };
};
