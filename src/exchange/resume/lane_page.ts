// How far the lanes of a connection have come, page by page, and as text on the wire. Nothing here is trusted that came from a peer.

import { Fault } from '../../kit/fault.ts';
import { isObject } from '../../kit/is_object.ts';
import type { Store } from '../../store/store.ts';
import type { Direction } from '../queue_ids.ts';

/** Of one side. `seq`: outbound, what the other side has said it stored; inbound, what is stored here. */
export interface LaneAt {
  readonly direction: Direction;
  readonly name: string;
  readonly seq: number;
}

export interface LanePage {
  readonly lanes: readonly LaneAt[];
  /** Where the next page begins; '' after the last. */
  readonly next: string;
}

/** What one side asks of the other, with what it found in the page before. */
export interface ResumeStep {
  readonly after: string;
  /** Lanes of the listener, of which the speaker has less than the listener thinks: to be sent again from there. */
  readonly gaps: readonly { readonly name: string; readonly have: number }[];
  /** Lanes of the speaker, of which it has lost what the listener has. */
  readonly lost: readonly string[];
  /** Of those, the ones that it knows still, and up to where it knows that the listener has them. */
  readonly known: readonly { readonly name: string; readonly have: number }[];
}

export const pageLanes = 300;

export const readLanePage = async (
  store: Pick<Store, 'dialect' | 'read'>,
  connection: string,
  after: string,
): Promise<LanePage> => {
  const p = store.dialect.parameter;
  const seq = `CASE WHEN direction = 'outbound' THEN peer_seq ELSE last_seq END`;
  const rows = await store.read(
    `SELECT sys_id, direction, name, ${seq} FROM sn_transport_lane WHERE connection = ${p(1)} AND sys_id > ${p(2)} AND ${seq} > 0
     ORDER BY sys_id LIMIT ${pageLanes}`,
    [connection, after],
  );
  return {
    lanes: rows.map(([, direction, name, at]) => ({
      direction: direction === 'outbound' ? 'outbound' : 'inbound',
      name: String(name),
      seq: Number(at),
    })),
    next: rows.length < pageLanes ? '' : String(rows.at(-1)?.[0] ?? ''),
  };
};

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 255 && value.isWellFormed() && !value.includes('\0');
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCursor = (value: unknown): value is string => typeof value === 'string' && /^(|[0-9a-f]{32})$/.test(value);

const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.length <= pageLanes) return value;
  throw malformed();
};

const readMarks = (value: unknown): { name: string; have: number }[] =>
  listOf(value).map((mark) => {
    if (!isObject(mark) || !isName(mark.name) || !isCount(mark.have)) throw malformed();
    return { name: mark.name, have: mark.have };
  });

const malformed = (): Fault => new Fault('bad_request', 'exchange.bad_lanes', 'The body does not say how far lanes have come');

/** Throws `exchange.bad_lanes`. */
export const readResumeStep = (value: unknown): ResumeStep => {
  if (!isObject(value) || !isCursor(value.after ?? '')) throw malformed();
  const lost = listOf(value.lost);
  if (!lost.every(isName)) throw malformed();
  return { after: String(value.after ?? ''), gaps: readMarks(value.gaps), lost, known: readMarks(value.known) };
};

/** undefined where it is no page. */
export const readPage = (value: unknown): LanePage | undefined => {
  if (!isObject(value) || !isCursor(value.next) || !Array.isArray(value.lanes) || value.lanes.length > 1000) return undefined;
  const lanes: LaneAt[] = [];
  for (const lane of value.lanes as unknown[]) {
    if (!isObject(lane) || !isName(lane.name) || !isCount(lane.seq)) return undefined;
    if (lane.direction !== 'outbound' && lane.direction !== 'inbound') return undefined;
    lanes.push({ direction: lane.direction, name: lane.name, seq: lane.seq });
  }
  return { lanes, next: value.next };
};
