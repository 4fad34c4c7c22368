// After an adoption: both sides say how far each lane has come, and what one has lost is sent again, said again or counted. The side that was
// adopted leads; until it is through, nothing is sent by it. Safe to repeat from the beginning, and to be killed anywhere.
import type { Clock } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { LocalhostLog } from '../../kit/localhost_log.ts';
import type { Outbound } from '../../kit/outbound.ts';
import { systemCaller } from '../../records/caller.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Store, Transaction } from '../../store/store.ts';
import type { TokenClient } from '../credential/token_client.ts';
import { laneId } from '../queue_ids.ts';
import { isOneOf } from '../recordset.ts';
import { type LanePage, type ResumeStep, readLanePage, readPage, readResumeStep } from './lane_page.ts';
import { goOnBehind, sendAgainFrom } from './mend_lanes.ts';

export const lanesPath = '/api/sn_sb/exchange/v1/lanes';

export interface ResumeParts {
  store: Store;
  records: Records;
  clock: Clock;
  log: Pick<LocalhostLog, 'write'>;
  outbound: Outbound;
  tokens: Pick<TokenClient, 'token'>;
  /** Says all of a pair again: its lane at the peer by name. `have`: comments and files of the peer behind that number are given back. */
  sayAgain: (transaction: Transaction, connection: string, lane: string, have: number | undefined) => Promise<void>;
  /** Tells people on the record of a lane here what was lost. */
  tellLoss: (transaction: Transaction, lane: string, count: number) => Promise<void>;
  /** What waited goes on. */
  goOn: (connection: string) => Promise<void>;
}

export interface Resume {
  /** Where it is due; else nothing. Throws Fault where the peer cannot be asked now. */
  run(connection: string): Promise<void>;
  /** The other end. Throws `exchange.bad_lanes`. */
  answer(connection: Row, body: unknown): Promise<LanePage>;
}

interface Findings {
  readonly gaps: { name: string; have: number }[];
  /** `have` is undefined where the lane itself is gone. */
  readonly lost: { name: string; stored: number; have: number | undefined }[];
  /** Lanes of which the peer has less than it said. */
  readonly lacks: { name: string; have: number }[];
}

const dueSql = ({ dialect }: Pick<Store, 'dialect'>): string =>
  `SELECT 1 FROM sn_sb_connection WHERE sys_id = ${dialect.parameter(1)} AND resume_due = 1`;

/** Behind every lane there is. */
const afterAll = 'f'.repeat(32);

/** The transport's own are mended too, and are nobody's concern. */
const isOfPeople = ({ name }: { name: string }): boolean => name !== 'heartbeat' && name !== 'ack';

export const makeResume = (parts: ResumeParts): Resume => {
  const { store, records, clock, log } = parts;

  /** What this side has of the lanes of a page. */
  const compare = async (connection: string, { lanes }: LanePage): Promise<Findings> => {
    const idOf = ({ direction, name }: { direction: string; name: string }): string =>
      laneId(connection, direction === 'outbound' ? 'inbound' : 'outbound', name);
    const rows = await store.read(
      `SELECT sys_id, last_seq, peer_seq FROM sn_transport_lane WHERE sys_id ${isOneOf(store.dialect, 1)}`,
      [JSON.stringify(lanes.map(idOf))],
    );
    const own = new Map(rows.map(([id, last, peer]) => [String(id), { last: Number(last), peer: Number(peer) }]));
    const found: Findings = { gaps: [], lost: [], lacks: [] };
    for (const lane of lanes) {
      const known = own.get(idOf(lane));
      const { last, peer } = known ?? { last: 0, peer: 0 };
      if (lane.direction === 'outbound') {
        if (last < lane.seq) found.gaps.push({ name: lane.name, have: last });
      } else if (peer < lane.seq) found.lost.push({ name: lane.name, stored: lane.seq, have: known?.peer });
      else if (peer > lane.seq) found.lacks.push({ name: lane.name, have: lane.seq });
    }
    return found;
  };

  const ask = async (row: Row, step: ResumeStep): Promise<LanePage> => {
    const token = await parts.tokens.token(row);
    const answer = await parts.outbound.send({
      url: `${row.peer_url}${lanesPath}`,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(step),
      timeLimitMs: 30_000,
    });
    if (answer.status !== 200)
      throw new Fault('unavailable', 'exchange.lanes_unanswered', `The peer answered with status ${answer.status}`);
    const page = readPage((JSON.parse(answer.body.toString('utf8')) as { result?: unknown }).result);
    if (!page) throw new Fault('unavailable', 'exchange.lanes_unanswered', 'The peer answered with something else than lanes');
    return page;
  };

  const isDue = async (connection: string): Promise<boolean> => (await store.read(dueSql(store), [connection])).length > 0;

  /** Answers the messages that the peer has and nobody remembers here. */
  const mend = (connection: string, { lost, lacks }: Findings): Promise<number> =>
    store.write(async (transaction) => {
      // Another process may be through, and send already: then nothing here is true any more.
      if ((await transaction.read(`${dueSql(store)}${store.dialect.forUpdate}`, [connection])).length === 0) return 0;
      let count = 0;
      for (const each of lost) {
        const missing = await goOnBehind(transaction, connection, each, clock.now());
        if (isOfPeople(each)) count += missing;
        if (missing > 0) await parts.tellLoss(transaction, each.name, missing);
      }
      for (const each of lacks) await sendAgainFrom(transaction, connection, each, clock.now());
      return count;
    });

  const finish = async (row: Row, report: string): Promise<void> => {
    const sysId = row.sys_id ?? '';
    await records.write((transaction) =>
      records.within(transaction).update(systemCaller, 'sn_sb_connection', sysId, { resume_due: 'false', resume_report: report }),
    );
    log.write({ level: 'plain', text: `Service Exchange ${row.connection_id}: ${report}` });
    await parts.goOn(sysId);
  };

  const lead = async (row: Row): Promise<void> => {
    const sysId = row.sys_id ?? '';
    let [lostCount, lostLanes, gapLanes] = [0, 0, 0];
    let page: LanePage | undefined = await ask(row, { after: '', gaps: [], lost: [], known: [] });
    while (page) {
      const found = await compare(sysId, page);
      // First the peer hears of it: where this side is killed between, both do the same once more.
      const isHeard = found.gaps.length + found.lost.length > 0;
      const lost = found.lost.map(({ name }) => name);
      const known = found.lost.flatMap(({ name, have }) => (have === undefined ? [] : [{ name, have }]));
      const step: ResumeStep = { after: page.next || afterAll, gaps: found.gaps, lost, known };
      const next: LanePage | undefined = page.next !== '' || isHeard ? await ask(row, step) : undefined;
      lostCount += await mend(sysId, found);
      lostLanes += found.lost.filter(isOfPeople).length;
      gapLanes += found.gaps.filter(isOfPeople).length;
      page = page.next === '' ? undefined : next;
    }
    const report = [
      `lanes were compared with the peer after the adoption`,
      `${gapLanes} are sent again by the peer from where this database stands`,
      `${lostLanes} go on behind ${lostCount} messages that the peer has from here and this database does not know`,
    ].join('; ');
    await finish(row, report);
  };

  return {
    async run(connection) {
      if (!(await isDue(connection))) return;
      const [row] = await records.findBy('sn_sb_connection', { sys_id: connection }, { limit: 1 });
      if (row?.state !== 'onboarded') return;
      const knowsHow = (row.peer_features ?? '').split(',').includes('resume');
      if (knowsHow) await lead(row);
      else await finish(row, 'the peer does not compare lanes: gaps are found as messages come');
    },
    async answer(connection, body) {
      const { after, gaps, lost, known } = readResumeStep(body);
      const have = new Map(known.map((mark) => [mark.name, mark.have]));
      const sysId = connection.sys_id ?? '';
      await store.write(async (transaction) => {
        for (const gap of gaps) await sendAgainFrom(transaction, sysId, gap, clock.now());
      });
      for (const lane of lost) {
        try {
          await records.write((transaction) => parts.sayAgain(transaction, sysId, lane, have.get(lane)));
        } catch (error) {
          if (!isFault(error)) throw error;
          log.write({ level: 'warning', text: `Exchange: ${lane} was not said again: ${error.message}` });
        }
      }
      if (gaps.length + lost.length > 0) await parts.goOn(sysId);
      return readLanePage(store, sysId, after);
    },
  };
};
