// Queries too long for an address: kept under a key, and put back where the key is sent instead.
// It must not give the key to anyone but who sent the query: with it the query can be read.
import type { Clock } from '../../kit/clock.ts';
import { wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { type Caller, systemCaller } from '../../records/caller.ts';
import type { Records } from '../../records/records.ts';
import { decodeText } from '../parameters.ts';

export interface TinyUrls {
  /** The same address with a key for its query. Throws `records.value_too_long`, `http.malformed_address`. */
  shorten(caller: Caller, url: string): Promise<string>;
  /** The query a key stands for, behind what was sent beside it; any other query as it is. Throws `http.tiny_url_unknown`. */
  restore(queryText: string): Promise<string>;
  purge(): Promise<void>;
}

const table = 'sys_tiny_url';
const keptMs = 90 * 86_400_000;

const unknown = (): Fault =>
  // Without its query the request would answer every row.
  new Fault('bad_request', 'http.tiny_url_unknown', 'Unknown sysparm_tiny', {
    explanation: 'The address that sysparm_tiny stands for is not known, or no longer',
  });

export const makeTinyUrls = ({ records, ids, clock }: { records: Records; ids: Ids; clock: Clock }): TinyUrls => ({
  async shorten(caller, url) {
    const [path = '', ...rest] = url.split('?');
    const query = rest.join('?').replace(/#.*$/s, '');
    for (const piece of query.split('&')) decodeText(piece);
    const key = ids.randomHex(32);
    const by = { ...systemCaller, userSysId: caller.userSysId, userName: caller.userName };
    await records.insert(by, table, { tiny_url: key, data: query });
    return `${path.replace(/^\//, '')}?sysparm_tiny=${key}`;
  },

  async restore(queryText) {
    if (!queryText.includes('sysparm_tiny=')) return queryText;
    const pieces = queryText.split('&');
    const key = pieces.find((piece) => piece.startsWith('sysparm_tiny='))?.slice('sysparm_tiny='.length);
    if (!key) return queryText;
    const [row] = /^[0-9a-f]{32}$/.test(key) ? await records.findBy(table, { tiny_url: key }, { limit: 1 }) : [];
    if (!row) throw unknown();
    const beside = pieces.filter((piece) => !piece.startsWith('sysparm_tiny='));
    return [...beside, row.data ?? ''].filter((piece) => piece !== '').join('&');
  },

  async purge() {
    const before = wireMoment(clock.now() - keptMs);
    const old = await records.find(table, `sys_created_on<${before}`, { limit: 1000 });
    for (const { sys_id: sysId = '' } of old) await records.remove(systemCaller, table, sysId);
  },
});
