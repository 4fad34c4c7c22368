// Runs the script of a scripted REST operation: a request as plain data in, an answer as plain data out.
// It chooses no route, checks no rights and knows no web framework; what the script set is checked before it is believed.
import { Fault } from '../kit/fault.ts';
import type { ScriptRunner } from './runner.ts';
import type { Json, LogLine, Outcome, ScriptHost } from './script.ts';

export interface ScriptedRequest {
  /** Parsed body: an object, a list, or null. */
  readonly body: { readonly data: Json; readonly text: string };
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly pathParams: Readonly<Record<string, string>>;
  readonly queryParams: Readonly<Record<string, readonly string[]>>;
  readonly queryString: string;
  readonly uri: string;
  readonly url: string;
  readonly supportedContentTypes: readonly string[];
}

export interface ScriptedAnswer {
  /** 200 unless the script chose. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  /** What goes into the `result` envelope; undefined where the script gave nothing. */
  readonly body: unknown;
  /** What was written to the stream: sent as it is, without envelope. */
  readonly stream: string | undefined;
  /** Set by setError or an sn_ws_err error: sent as the failure envelope with `status`. */
  readonly error: { readonly message: string; readonly detail: string } | undefined;
  readonly logs: readonly LogLine[];
}

export interface ScriptedOperation {
  readonly source: string;
  /** Such as `sys_ws_operation.<sys_id>`. */
  readonly file: string;
  readonly host: ScriptHost;
  readonly lane: string;
  readonly request: ScriptedRequest;
  /** Told how the run went, whether or not it ends in a Fault. */
  readonly note?: (outcome: Outcome) => void;
}

// What frames the message or belongs to the session is the server's to say.
const reserved: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  'set-cookie',
  'content-type',
  'location',
  'content-encoding',
  'date',
  'keep-alive',
  'server',
  'te',
  'trailer',
  'upgrade',
  'x-is-logged-in',
  'x-transaction-id',
]);

const bad = (what: string): Fault => new Fault('failed', 'scripting.bad_response', `The script set ${what} that cannot be sent`);

// Clients and proxies refuse answers whose headers are longer than 16 KiB, and the server's own are among them.
const headersLimit = 8_192;

const readHeaders = (given: unknown): Record<string, string> => {
  const headers: Record<string, string> = Object.create(null);
  let length = 0;
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) throw bad('a header name');
    if (typeof value !== 'string' || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw bad(`a value of the header ${name}`);
    if (reserved.has(name.toLowerCase())) continue;
    length += name.length + value.length + 4;
    if (length > headersLimit) throw bad(`headers of more than ${headersLimit} characters`);
    headers[name] = value;
  }
  return headers;
};

const oneLine = (value: unknown, what: string): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > headersLimit || !/^[\x20-\x7e]*$/.test(value)) throw bad(what);
  return value;
};

const isStatus = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 599;

/** Never by its own methods: they came out of the sandbox. */
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const refused = (status: number, message: string, detail: string, logs: readonly LogLine[]): ScriptedAnswer => ({
  status,
  headers: {},
  contentType: undefined,
  body: undefined,
  stream: undefined,
  error: { message, detail },
  logs,
});

const readAnswer = ({ fault, thrown, variables, logs }: Outcome): ScriptedAnswer => {
  if (fault) {
    if (fault.code !== 'scripting.uncaught' || !isStatus(thrown?.status, 400)) throw fault;
    return refused(thrown.status, thrown.message, thrown.detail ?? '', logs);
  }
  const response = (variables.response ?? {}) as Record<string, unknown>;
  const error = response.error as { status: unknown; message: unknown; detail: unknown } | undefined | null;
  if (error) {
    return refused(isStatus(error.status, 400) ? error.status : 500, textOf(error.message), textOf(error.detail), logs);
  }
  if (response.status !== undefined && response.status !== null && !isStatus(response.status, 200)) throw bad('a status');
  const location = oneLine(response.location, 'a location');
  const headers = readHeaders(response.headers);
  if (location !== undefined) headers.Location = location;
  return {
    status: isStatus(response.status, 200) ? response.status : 200,
    headers,
    contentType: oneLine(response.contentType, 'a content type'),
    body: response.hasBody === true ? (response.body ?? null) : undefined,
    stream: typeof response.stream === 'string' ? response.stream : undefined,
    error: undefined,
    logs,
  };
};

/** Throws the Fault of a script that did not finish; an error the script chose a status for is an answer. */
export const runScriptedRest = async (
  runner: ScriptRunner,
  { request, note, ...operation }: ScriptedOperation,
): Promise<ScriptedAnswer> => {
  const outcome = await runner.run({
    ...operation,
    stage: 'scripted_rest',
    globals: {
      request: {
        ...request,
        headers: { ...request.headers },
        pathParams: { ...request.pathParams },
        queryParams: { ...request.queryParams },
      },
    },
  });
  note?.(outcome);
  return readAnswer(outcome);
};
