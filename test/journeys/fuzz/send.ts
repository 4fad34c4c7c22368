// Sends a made-up request as it is and reads the whole answer within a time. Bare node:http: better clients would mend the request.
import { type Agent, request } from 'node:http';
import type { Call } from './requests.ts';

export interface FuzzAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  tookMs: number;
}

/** Rejects when nothing whole comes back within `limitMs`. */
export const send = (port: number, agent: Agent, { method, path, headers, body }: Call, limitMs: number): Promise<FuzzAnswer> => {
  const { promise, resolve, reject } = Promise.withResolvers<FuzzAnswer>();
  const from = performance.now();
  const bytes = Buffer.from(body);
  const length: Record<string, number> = bytes.length > 0 || method !== 'GET' ? { 'content-length': bytes.length } : {};
  const sent = request({ host: '127.0.0.1', port, agent, method, path, headers: { ...headers, ...length } });
  const timer = setTimeout(() => sent.destroy(new Error(`no whole answer within ${limitMs} ms`)), limitMs);
  sent.on('error', reject);
  sent.on('response', (answer) => {
    const pieces: Buffer[] = [];
    answer.on('data', (piece: Buffer) => pieces.push(piece));
    answer.on('error', reject);
    answer.on('end', () => {
      const text = Buffer.concat(pieces).toString('utf8');
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, tookMs: performance.now() - from });
    });
  });
  sent.end(bytes);
  return promise.finally(() => clearTimeout(timer));
};
