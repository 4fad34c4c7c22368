// A request out of dice: what a good client sends, or the same with hostile pieces in it, over every API there is. An API more is a
// line in the list here. Pure: the same dice make the same request. Must not make one that takes the rights of the callers away:
// every later answer would be the same 401.
import { attachmentCall } from './calls/attachment.ts';
import { dictionaryCall, statsCall, tableCall } from './calls/data.ts';
import { documentCall, oauthCall, otherCall } from './calls/others.ts';
import type { Chance } from './chance.ts';
import { forgedToken, jsonValue, payload } from './payloads.ts';
import { type Dice, isWrong, value, version, word, yesOrNo } from './pieces.ts';

export interface Call {
  method: string;
  /** Starts with a slash. */
  path: string;
  headers: Record<string, string>;
  body: string | Buffer;
}

const kinds: readonly [share: number, make: (dice: Dice) => Call][] = [
  [50, tableCall],
  [2, dictionaryCall],
  [14, statsCall],
  [10, attachmentCall],
  [7, documentCall],
  [7, oauthCall],
  [5, otherCall],
];

const anyCall = (dice: Dice): Call => {
  let left = dice.below(kinds.reduce((sum, [share]) => sum + share, 0));
  for (const [share, make] of kinds) {
    left -= share;
    if (left < 0) return make(dice);
  }
  return tableCall(dice);
};

/** Several of the above in one. */
const batchCall = (dice: Dice): Call => {
  const inner = dice.several(0, 4, () => {
    const { method, path, headers, body } = anyCall(dice);
    return {
      id: isWrong(dice) ? jsonValue(dice) : String(dice.below(100)),
      url: isWrong(dice) ? value(dice) : path,
      method: word(dice, [method]),
      headers: isWrong(dice) ? jsonValue(dice) : Object.entries(headers).map(([name, text]) => ({ name, value: text })),
      body: isWrong(dice) ? jsonValue(dice) : Buffer.from(body).toString('base64'),
      exclude_response_headers: dice.is(0.3),
    };
  });
  const thing = { batch_request_id: jsonValue(dice), rest_requests: isWrong(dice) ? jsonValue(dice) : inner };
  return { method: 'POST', path: `/api/now${version(dice)}/batch`, ...payload(dice, thing) };
};

const oddHeaders = ['x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-for', 'host', 'cookie', 'x-usertoken', 'x-sn-apikey'];
const types = ['application/json', 'application/json', '*/*', 'application/xml', 'text/xml'];

const stranger = (dice: Dice): string => {
  const basic = Buffer.from(`nobody.here:${value(dice)}`).toString('base64url');
  return `${dice.one(['Bearer', 'bearer', 'Basic', 'Token'])} ${dice.is(0.9) ? forgedToken(dice) : basic}`;
};

/** `callers` are good Authorization headers. */
export const makeRequest = (chance: Chance, callers: readonly string[]): Call => {
  const dice: Dice = { ...chance, hostility: chance.one([0, 0, 0.03, 0.1, 0.4]) };
  const call = dice.is(0.07) ? batchCall(dice) : anyCall(dice);
  const headers: Record<string, string> = { ...call.headers };
  if (!isWrong(dice, 0.7)) headers.authorization = dice.one(callers);
  else if (dice.is(0.8)) headers.authorization = stranger(dice);
  if (dice.is(0.2)) headers.accept = word(dice, types);
  if (isWrong(dice)) headers.accept = dice.one(['text/html', 'application/json;q=0', ',', 'application/octet-stream']);
  if (isWrong(dice, 0.5)) headers['x-http-method-override'] = word(dice, ['GET', 'PUT', 'PATCH', 'delete', 'OPTIONS']);
  if (isWrong(dice, 0.5)) headers[dice.one(oddHeaders)] = value(dice);
  if (dice.is(0.03)) headers['x-no-response-body'] = yesOrNo(dice);
  // What no address and no header can carry is left out: Node would not send it.
  for (const [name, text] of Object.entries(headers)) headers[name] = text.replace(/[^\u0020-\u007e]/g, '');
  return { ...call, path: call.path.replace(/[^\u0021-\u00ff]/g, ''), headers };
};
