// The seam of the doors: an API is a list of operations, an operation turns what was asked into an answer.
// It must not know the web framework; app.ts alone does.
import type { Readable } from 'node:stream';
import type { Identified } from '../identity/identity.ts';
import type { ApiCall } from '../oauth/api_call.ts';
import type { Caller } from '../records/caller.ts';
import type { Values } from '../records/records.ts';
import type { ParameterName } from './documentation/parameters.ts';
import type { MediaType } from './negotiate.ts';
import type { Parameters } from './parameters.ts';

export type ApiMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One authenticated request. Path and parameters are decoded and well-formed text without NUL. */
export interface Asked {
  readonly caller: Caller;
  /** The verb. */
  readonly method: string;
  /** How the caller proved who he is. */
  readonly identified: Identified;
  /** Without the query string. */
  readonly path: string;
  /** Segments of the route's pattern by name. */
  readonly segments: ReadonlyMap<string, string>;
  /** '', 'v1', 'v2': as the request wrote it; links repeat it. */
  readonly version: string;
  readonly parameters: Parameters;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What the caller wants to read; one of the operation's `produces`. */
  readonly accept: MediaType;
  /** Public address for links, without a slash at the end. */
  readonly base: string;
  readonly transactionId: string;
  /** Of the connection: the proxy's, where there is one. */
  readonly remoteAddress: string;
  /** The body as it arrives, for operations that want neither of the two below. Throws Fault for a body that is compressed. */
  stream(): Readable;
  /** The body as field values. Throws Fault for what cannot be read; an absent body has no values. */
  values(): Promise<Values>;
  /** The body as JSON, undefined when there is none. */
  json(): Promise<unknown>;
  /** The body as it came, of one of these media types (lower case). Throws Fault for any other. */
  text(types: readonly string[]): Promise<string>;
}

export interface Answer {
  readonly status: number;
  readonly body?: string | Buffer | Readable;
  /** Default: the accepted type. UTF-8 is added to it. */
  readonly contentType?: string;
  /** A list becomes one line each. A Content-Type among them stands as it is. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export interface Operation {
  readonly method: ApiMethod;
  /** Below the API's base, with `:name` segments. */
  readonly path: string;
  /** For people, in the descriptions of the APIs. */
  readonly summary?: string;
  /** Names of the parameters it reads, of those in documentation/parameters.ts. */
  readonly reads?: readonly ParameterName[];
  /** Default: the three of the Table API. 'as_stored': whatever was stored, so that `Accept` is not asked; failures are JSON. */
  readonly produces?: readonly MediaType[] | 'as_stored';
  /** The call that access policies and scopes are to judge, where this address is another way to the same thing. */
  standsFor?(call: ApiCall, queryText: string): ApiCall;
  handle(asked: Asked): Promise<Answer>;
}

export interface Api {
  /** As transaction lines and scopes name it: `now/table`. */
  readonly name: string;
  /** For people: `Table API`. */
  readonly title?: string;
  /** `/api/now`. */
  readonly base: string;
  /** Version segments under which it answers; '' is the unversioned form. */
  readonly versions: readonly string[];
  readonly operations: readonly Operation[];
}
