// One call over a connection of undici's, without the streams it hands to others: for small answers they cost as much as all the rest.
// Knows no rules of where a call may go.
import type { Dispatcher } from 'undici';

interface Call {
  url: URL;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | null;
  /** Of the body, as sent. */
  limitBytes: number;
  /** What is thrown beyond it. */
  tooLarge: () => Error;
}

interface Called {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: Buffer;
}

/** Ends what is under way, or still waits for a connection; safe to call again. */
export type Abort = (reason: Error) => void;

/** `begun` is told how to end the call, before anything is sent. */
export const callOut = (dispatcher: Dispatcher, call: Call, begun: (abort: Abort) => void): Promise<Called> =>
  new Promise((resolve, reject) => {
    const { url, method, limitBytes, tooLarge } = call;
    const pieces: Buffer[] = [];
    let [status, bytes] = [0, 0];
    let headers: ReadonlyMap<string, string> = new Map();
    let ended: Error | undefined;
    let underWay: Dispatcher.DispatchController | undefined;
    const abort: Abort = (reason) => {
      ended ??= reason;
      reject(ended);
      if (underWay && !underWay.aborted) underWay.abort(ended);
    };
    begun(abort);
    dispatcher.dispatch(
      { origin: url.origin, path: `${url.pathname}${url.search}`, method, headers: call.headers, body: call.body },
      {
        onRequestStart(controller) {
          underWay = controller;
          if (ended) controller.abort(ended);
        },
        onResponseStart(_controller, code, fields) {
          if (code < 200) return;
          status = code;
          headers = new Map(Object.entries(fields).map(([name, value]) => [name, [value].flat().join(', ')]));
          if (Number(headers.get('content-length') ?? 0) > limitBytes) abort(tooLarge());
        },
        onResponseData(_controller, piece) {
          bytes += piece.length;
          if (bytes > limitBytes) abort(tooLarge());
          else pieces.push(piece);
        },
        onResponseEnd: () => resolve({ status, headers, body: Buffer.concat(pieces) }),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
