// The Batch API: several requests in one, each answered for itself by the same app, as the same caller.
import type { Clock } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Answer, Api, Asked } from '../api.ts';
import { type BatchRequest, type Item, readBatch } from './batch_request.ts';
import { type Inside, type InsideAnswer, passHeader } from './inside.ts';
import { type BatchResult, type Serviced, sayBatch } from './say_batch.ts';

export interface BatchParts {
  inside: Inside;
  clock: Clock;
}

const timeLimitMs = 30_000;
const usualOutputBytes = 10_485_760;

const refused = ({ id, problem = '' }: Item): Serviced => {
  const body = JSON.stringify({ error: { message: 'Exception while reading request', detail: problem }, status: 'failure' });
  return {
    id,
    status_code: 400,
    status_text: 'Bad Request',
    headers: [{ name: 'Content-Type', value: 'application/json;charset=UTF-8' }],
    body: Buffer.from(body).toString('base64'),
    execution_time: 0,
    error_message: problem,
  };
};

/** undefined: more than there is room for. */
const readAll = async (body: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Buffer | undefined> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > limitBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
};

// Names that clients look up as the documentation writes them; others stay as HTTP lower-cases them.
const writtenNames: ReadonlyMap<string, string> = new Map([
  ['content-type', 'Content-Type'],
  ['link', 'Link'],
  ['location', 'Location'],
  ['x-total-count', 'X-Total-Count'],
  ['x-is-logged-in', 'X-Is-Logged-In'],
  ['x-transaction-id', 'X-Transaction-ID'],
]);

const headerList = ({ headers }: InsideAnswer): Serviced['headers'] =>
  Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => ({ name: writtenNames.get(name) ?? name, value: String(each) })),
  );

/** What the connection says of the outer request holds for the inner ones. */
const inherited = ({ headers }: Asked): Record<string, string> => {
  const kept: Record<string, string> = {};
  for (const name of ['host', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for']) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  return kept;
};

const outputLimit = (asked: Asked): number => {
  const said = Number(asked.headers['x-batchrequest-max-output-size']);
  return Number.isSafeInteger(said) && said > 0 ? Math.min(said, usualOutputBytes) : usualOutputBytes;
};

/** In the order sent, one after another: a later request may count on an earlier one. What no longer fits is left undone and named. */
const perform = async ({ inside, clock }: BatchParts, asked: Asked, { id, items }: BatchRequest): Promise<BatchResult> => {
  const endAtMs = clock.now() + timeLimitMs;
  const serviced: Serviced[] = [];
  const unserviced: string[] = [];
  let room = outputLimit(asked);
  let isFull = false;
  for (const item of items) {
    if (isFull || clock.now() >= endAtMs) {
      unserviced.push(item.id);
      continue;
    }
    if (item.problem !== undefined) {
      serviced.push(refused(item));
      continue;
    }
    const startedAtMs = clock.now();
    const { url, method, body } = item;
    const headers = { ...item.headers, ...inherited(asked) };
    const { identified, remoteAddress } = asked;
    const said = await inside.send(identified, { url, method, headers, body, remoteAddress });
    const bytes = await readAll(said.body, Math.floor(room / 4) * 3);
    if (bytes === undefined) {
      // It was done, so it may not be called undone: the caller learns its status and loses its body.
      isFull = true;
      const explanation = 'The answer does not fit into the batch';
      serviced.push({
        ...refused(item),
        status_code: said.status,
        status_text: said.statusText,
        body: '',
        error_message: explanation,
      });
      continue;
    }
    const encoded = bytes.toString('base64');
    room -= encoded.length;
    serviced.push({
      id: item.id,
      status_code: said.status,
      status_text: said.statusText,
      headers: item.withoutHeaders ? [] : headerList(said),
      body: encoded,
      execution_time: clock.now() - startedAtMs,
    });
  }
  return { batch_request_id: id, serviced_requests: serviced, unserviced_requests: unserviced };
};

const nested = (): Fault => new Fault('bad_request', 'http.batch_nested', 'A batch cannot hold a batch');

const performBatch =
  (parts: BatchParts) =>
  async (asked: Asked): Promise<Answer> => {
    if (asked.headers[passHeader] !== undefined) throw nested();
    const batch = readBatch(await asked.json());
    return sayBatch(await perform(parts, asked, batch), asked);
  };

export const makeBatchApi = (parts: BatchParts): Api => ({
  name: 'now/batch',
  title: 'Batch API',
  base: '/api/now',
  versions: ['', 'v1'],
  operations: [
    {
      method: 'POST',
      path: '/batch',
      summary: 'Answers several requests in one',
      produces: ['application/json', 'multipart/mixed'],
      handle: performBatch(parts),
    },
  ],
});
