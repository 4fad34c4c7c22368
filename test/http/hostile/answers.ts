// The answers that hostile requests get, word for word, and the shape in which the tables beside this file list them.
import type { Ask } from '../../parts/running_instance.ts';

/** What is sent, and the status and the body that come back, to the byte. */
export type Hostile = readonly [path: string, ask: Ask, status: number, body: string];

export const failure = (message: string, detail: string | null = null): string =>
  JSON.stringify({ error: { message, detail }, status: 'failure' });
export const refused = failure('User Not Authenticated', 'Required to provide Auth information');
export const unreadable = (detail: string): string => failure('Exception while reading request', detail);
export const malformedAddress = unreadable('The address of the request is not valid percent-encoded UTF-8');
export const notJson = unreadable('The payload is not valid JSON.');
export const notXml = unreadable('The payload is not valid XML.');
export const notObject = unreadable('The payload must be one object of fields and values.');
export const notText = unreadable('A value in the payload holds the character NUL or is nested too deeply.');
export const noResource = failure('Requested URI does not represent any resource');
export const noRecord = failure('No Record found', "Record doesn't exist or ACL restricts the record retrieval");
export const invalidTable = (name: string): string => failure(`Invalid table ${name}`);
export const wrongMethod = failure('Method not supported');
const media = '[application/json, application/xml, text/xml]';
export const unsupported = failure(`Invalid content-type. Supported request media types for this service are: ${media}`);
export const notAcceptable = failure(`Invalid accept type. Supported response media types for this service are: ${media}`);
export const empty = '{"result":[]}';

export const json = { 'content-type': 'application/json' };
export const xml = { 'content-type': 'text/xml' };
/** A body of JSON, sent with POST. */
export const posted = (body: unknown): Ask => ({ headers: json, body: typeof body === 'string' ? body : JSON.stringify(body) });

/** Names that every object of JavaScript has: a look-up that finds them is a look-up in the wrong place. */
export const prototypeNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  '__lookupSetter__',
] as const;

/** SQL that would do something in the place where it stands, if it were ever taken for SQL. */
export const sqlPieces = [
  `' OR '1'='1`,
  `'; DROP TABLE task; --`,
  `"; DROP TABLE task; --`,
  `x') UNION SELECT user_password FROM sys_user --`,
  '1; SELECT pg_sleep(30)',
  'incident" WHERE 1=1 --',
  '$1',
  '?1',
  ':sys_id',
  '/**/',
] as const;
