// The answers of a batch as one body: an object, or a part for each of them.
// It must not look into them.
import type { Answer, Asked } from '../api.ts';

export interface Serviced {
  readonly id: string;
  readonly status_code: number;
  readonly status_text: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
  readonly execution_time: number;
  readonly error_message?: string;
}

export interface BatchResult {
  readonly batch_request_id: string;
  readonly serviced_requests: readonly Serviced[];
  readonly unserviced_requests: readonly string[];
}

const part = (boundary: string, value: object): string =>
  `--${boundary}\r\nContent-Type: application/json;charset=UTF-8\r\n\r\n${JSON.stringify(value)}\r\n`;

/** JSON, or `multipart/mixed` (RFC 2046): an entry of `serviced_requests` in each part, what is left of the object in the last. */
export const sayBatch = (result: BatchResult, { accept, transactionId }: Pick<Asked, 'accept' | 'transactionId'>): Answer => {
  if (accept !== 'multipart/mixed') return { status: 200, body: JSON.stringify(result) };
  const { serviced_requests: serviced, ...rest } = result;
  // JSON has no line that begins with two hyphens, so no boundary can stand in a part.
  const boundary = `batch_${transactionId}`;
  return {
    status: 200,
    headers: { 'Content-Type': `multipart/mixed; boundary=${boundary}` },
    body: `${[...serviced, rest].map((each) => part(boundary, each)).join('')}--${boundary}--\r\n`,
  };
};
