// What an address elsewhere answers, page after page where the data source asks for that. Each page is a document of its own.
// It must not send a credential to another origin than the data source names; kit/outbound.ts decides which addresses are called at all.
import { Fault } from '../../kit/fault.ts';
import type { Outbound, OutboundAnswer } from '../../kit/outbound.ts';
import type { Sealer } from '../../kit/seal.ts';
import { secretContext } from '../../records/keep_secrets.ts';
import type { Row } from '../../records/records.ts';

const timeLimitMs = 120_000;
const limitBytes = 64 * 1024 * 1024;
const mostPages = 10_000;
const usualLimit = 1_000;

const refused = (source: Row, why: string): Fault =>
  new Fault('unavailable', 'imports.source_refused', `The data source ${source.name} ${why}`);

const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/;

/** With a user Basic; without one the password is a key in the header that is named, else a bearer token. */
const credential = (source: Row, sealer: Sealer): Readonly<Record<string, string>> => {
  const { rest_user: user = '', rest_password: sealed = '', rest_header: header = '' } = source;
  const password = sealed ? sealer.open(sealed, secretContext({ table: 'sys_data_source', element: 'rest_password' })) : '';
  if (user) return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  if (!password) return {};
  if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(password)) throw refused(source, 'has a key that no header can carry');
  if (!header) return { authorization: `Bearer ${password}` };
  if (!tokenPattern.test(header)) throw refused(source, 'names a header that cannot be one');
  return { [header.toLowerCase()]: password };
};

/** `Link: <…>; rel="next"` (RFC 8288), as an absolute address. */
const nextLink = ({ headers }: OutboundAnswer, here: string): string | undefined => {
  for (const [, target = '', parameters = ''] of (headers.get('link') ?? '').matchAll(/<([^>]*)>((?:\s*;[^,<]*)*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    if ((quoted ?? bare ?? '').toLowerCase().split(/\s+/).includes('next') && URL.canParse(target, here))
      return new URL(target, here).href;
  }
  return undefined;
};

const isTemplate = (address: string): boolean => /\{(?:offset|limit)\}/.test(address);

const fill = (address: string, offset: number, limit: number): string =>
  address.replaceAll('{offset}', String(offset)).replaceAll('{limit}', String(limit));

/** Where the rows are: `rest_url`, or `file_path` for a file that is fetched. */
export const addressOf = (source: Row): string => (source.type === 'REST' ? source.rest_url : source.file_path) ?? '';

/**
 * `countRows` answers how many rows of the pages so far were read. With `support_pagination`: an address with `{offset}` is asked until a
 * page has no rows, any other for as long as it links to a next page of its own origin. Throws `imports.source_refused`, `kit.outbound_*`.
 */
export async function* fetchPages(
  { outbound, sealer }: { outbound: Outbound; sealer: Sealer },
  source: Row,
  countRows: () => number,
): AsyncIterable<Uint8Array> {
  const headers = { accept: 'application/json, text/csv, application/xml, */*;q=0.1', ...credential(source, sealer) };
  const address = addressOf(source);
  const limit = Number(source.limit || 0) || usualLimit;
  let url = fill(address, Number(source.offset || 0), limit);
  const { origin } = outbound.permit(url);
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await outbound.send({ url, headers, timeLimitMs, limitBytes });
    // What some answer behind the last page.
    if (page > 1 && (answer.status === 204 || answer.status === 404)) return;
    if (answer.status !== 200) throw refused(source, `answered with status ${answer.status}`);
    const before = countRows();
    yield answer.body;
    if (source.support_pagination !== 'true') return;
    if (isTemplate(address)) {
      if (countRows() === before || !address.includes('{offset}')) return;
      url = fill(address, Number(source.offset || 0) + countRows(), limit);
      continue;
    }
    const next = nextLink(answer, url);
    if (next === undefined || next === url) return;
    if (new URL(next).origin !== origin) throw refused(source, 'links to a next page of another origin');
    url = next;
  }
  throw refused(source, `has more than ${mostPages} pages`);
}
