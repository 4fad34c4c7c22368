// Batches over HTTPS, or http to loopback: one POST, bounded in time and size, with the token of the link. A token that is not taken
// is fetched anew once. What the answer means for rows is settle/'s to say.
import type { Clock } from '../../kit/clock.ts';
import { isFault } from '../../kit/fault.ts';
import type { Outbound, OutboundAnswer } from '../../kit/outbound.ts';
import { readResults } from '../envelope/read_results.ts';
import { batchContentType } from '../envelope/write_batch.ts';
import type { FailureClass, Link } from '../seams.ts';
import { readRetryAfter } from '../settle/backoff.ts';
import type { Carrier, CarrierOutcome } from './carrier.ts';

export const messagesPath = '/api/sn_sb/exchange/v1/messages';
/** The stable code of a fault, beside the words. */
export const codeHeader = 'causeway-code';
export const incarnationHeader = 'causeway-incarnation';

/** Shorter than the lease of a lane, so that a worker that waits for an answer still holds what it sent. */
export const postTimeLimitMs = 30_000;

type Failed = Extract<CarrierOutcome, { kind: 'failed' }>;

const classOf = (status: number): FailureClass => {
  if (status === 401 || status === 403) return 'auth';
  // 409: the peer took us, or itself, for a copy; nothing moves until a person has looked.
  if (status === 503 || status === 429 || status === 409) return 'unavailable';
  // A redirect is no answer, and a missing door may be an instance that is starting.
  if (status >= 500 || status < 400 || status === 404 || status === 408) return 'transient';
  return 'permanent';
};

/** The peer's own code and words, where its answer is one of ours; never more than a line. */
const reasonOf = (answer: OutboundAnswer): { code: string; detail: string } => {
  const fallback = { code: `exchange.http_${answer.status}`, detail: `The peer answered with status ${answer.status}` };
  const named = answer.headers.get(codeHeader) ?? '';
  const code = /^[a-z0-9_.]{1,80}$/.test(named) ? named : fallback.code;
  try {
    const { error } = JSON.parse(answer.body.toString('utf8')) as { error?: { message?: unknown; detail?: unknown } };
    const words = [error?.message, error?.detail].filter((word) => typeof word === 'string' && word !== '').join(': ');
    return { code, detail: words === '' ? fallback.detail : `${fallback.detail}: ${words.slice(0, 400)}` };
  } catch {
    return { ...fallback, code };
  }
};

export const makeHttpCarrier = ({ clock, outbound }: { clock: Clock; outbound: Outbound }): Carrier => {
  const fail = (
    startedAt: number,
    given: Omit<Failed, 'kind' | 'roundTripMs' | 'retryAfterMs'>,
    retryAfterMs?: number,
  ): Failed => ({
    kind: 'failed',
    retryAfterMs,
    roundTripMs: clock.now() - startedAt,
    ...given,
  });

  const post = (link: Link, token: string, body: string): Promise<OutboundAnswer> =>
    outbound.send({
      url: `${link.baseUrl}${messagesPath}`,
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': batchContentType,
        accept: 'application/json',
        ...(link.incarnation === '' ? {} : { [incarnationHeader]: link.incarnation }),
      },
      body,
      timeLimitMs: postTimeLimitMs,
    });

  const postWithToken = async (link: Link, body: string): Promise<OutboundAnswer> => {
    const token = await link.token();
    const answer = await post(link, token, body);
    if (answer.status !== 401) return answer;
    await link.refused(token);
    const second = await link.token();
    return second === token ? answer : post(link, second, body);
  };

  return {
    name: 'http',
    async send(link, body) {
      const startedAt = clock.now();
      let answer: OutboundAnswer;
      try {
        answer = await postWithToken(link, body);
      } catch (error) {
        if (!isFault(error)) throw error;
        const isRefusal = error.code === 'exchange.auth_refused';
        return fail(startedAt, {
          class: isRefusal ? 'auth' : 'transient',
          code: error.code,
          detail: error.message,
          httpStatus: 0,
        });
      }
      if (answer.status === 200) {
        const results = readResults(answer.body);
        if (results) return { kind: 'answered', results, roundTripMs: clock.now() - startedAt };
        return fail(startedAt, {
          class: 'transient',
          code: 'exchange.bad_answer',
          detail: 'The peer answered with something else',
          httpStatus: 200,
        });
      }
      const retryAfterMs = readRetryAfter(answer.headers.get('retry-after'), clock.now());
      return fail(startedAt, { class: classOf(answer.status), ...reasonOf(answer), httpStatus: answer.status }, retryAfterMs);
    },
  };
};
