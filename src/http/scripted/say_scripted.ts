// What a script answered, as an answer of the server: envelope or raw stream, in the form the caller accepts or the script chose.
// It must not send what the script had no right to set; scripting/scripted_rest.ts has looked at status and headers already.
import { Fault } from '../../kit/fault.ts';
import type { ScriptedAnswer } from '../../scripting/scripted_rest.ts';
import type { Answer } from '../api.ts';
import { failureBody } from '../faults.ts';
import { isXml, type MediaType } from '../negotiate.ts';
import { type Data, sayData } from '../say_data.ts';

const mediaType = /^[a-z0-9][\w!#$&^.+-]*\/[a-z0-9][\w!#$&^.+-]*$/i;

const bad = (what: string): Fault => new Fault('failed', 'scripting.bad_response', `The script set ${what} that cannot be sent`);

/** Without its parameters: text is always sent as UTF-8. */
const typeOf = (chosen: string | undefined, accept: string): string => {
  const type = (chosen ?? accept).split(';', 1)[0]?.trim() ?? '';
  if (!mediaType.test(type)) throw bad('a content type');
  return type;
};

const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

const isSaidInXml = (type: string): boolean => isXml(type as MediaType) || type.endsWith('+xml');

const envelope = (type: string, body: unknown): string => {
  if (typeof body === 'string' && !isSaidInXml(type) && type !== 'application/json' && !type.endsWith('+json')) return body;
  try {
    return sayData(isSaidInXml(type) ? 'application/xml' : 'application/json', body as Data);
  } catch (error) {
    // Written by recursion, which ends before the nesting that a script can make.
    if (error instanceof RangeError) throw bad('a body');
    throw error;
  }
};

/** Throws `scripting.bad_response`. */
export const sayScripted = (answer: ScriptedAnswer, accept: string): Answer => {
  const { status, headers, error, stream, body } = answer;
  if (error) {
    const form = isSaidInXml(accept) ? 'application/xml' : 'application/json';
    return { status, headers, contentType: form, body: failureBody(error.message, error.detail || null, form) };
  }
  if (withoutBody.has(status)) return { status, headers };
  const contentType = typeOf(answer.contentType, accept);
  if (stream !== undefined) return { status, headers, contentType, body: stream };
  return body === undefined ? { status, headers } : { status, headers, contentType, body: envelope(contentType, body) };
};
