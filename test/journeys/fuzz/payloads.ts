// Bodies: what a request means to say, in the form it says it, and forms that fail. Tokens that nobody signed are made here too.
import { type Dice, field, isWrong, poolId, recordId, strange, table, value, word } from './pieces.ts';

export interface Payload {
  headers: Record<string, string>;
  body: string | Buffer;
}

export const nothing: Payload = { headers: {}, body: '' };

export const jsonValue = (dice: Dice, depth = 0): unknown => {
  if (dice.is(0.65)) return value(dice);
  const kinds = [
    () => dice.one([0, -1, 1e21, 1.5, 123456789012345, true, false, null]),
    () => (depth > 3 ? 'deep' : dice.several(0, 4, () => jsonValue(dice, depth + 1))),
    () => (depth > 3 ? 'deep' : Object.fromEntries(dice.several(0, 4, () => [field(dice), jsonValue(dice, depth + 1)]))),
    () => ({ display_value: value(dice), value: value(dice), link: value(dice) }),
    () => poolId(dice),
  ];
  return dice.one(kinds)();
};

/** Fields and values; no class, so that no record changes its table. */
export const record = (dice: Dice): Record<string, unknown> => {
  const own: Record<string, unknown> = Object.create(null);
  if (dice.is(0.6)) own.sys_id = poolId(dice);
  for (const name of dice.several(0, 8, () => field(dice))) if (name !== 'sys_class_name') own[name] = jsonValue(dice);
  return own;
};

const xmlOf = (dice: Dice): string => {
  const spell = (text: string) => (isWrong(dice) ? text : text.replace(/[&<>]/g, (mark) => `&#${mark.charCodeAt(0)};`));
  const inside = dice.several(0, 5, () => {
    const name = field(dice);
    return `<${name}>${spell(value(dice))}</${name}>`;
  });
  return `<request><entry>${inside.join('')}</entry></request>`;
};

const json = { 'content-type': 'application/json' };

/** A body that means to be `thing`: well said, or in one of the ways in which it is not. */
export const payload = (dice: Dice, thing: unknown): Payload => {
  const text = JSON.stringify(thing) ?? '';
  const goodShapes: (() => Payload)[] = [
    () => ({ headers: { 'content-type': 'text/xml' }, body: xmlOf(dice) }),
    () => ({ headers: { 'content-type': 'APPLICATION/JSON;charset=UTF-8' }, body: text }),
    () => ({ headers: {}, body: text }),
    () => ({ headers: json, body: `[${text},${text}]` }),
    () => ({ headers: json, body: '' }),
  ];
  const badShapes: (() => Payload)[] = [
    () => ({ headers: json, body: text.slice(0, dice.below(text.length + 1)) }),
    () => ({ headers: json, body: `${'['.repeat(dice.below(3_000))}${strange(dice)}` }),
    () => ({ headers: json, body: text.replaceAll('"', "'") }),
    () => ({ headers: json, body: Buffer.from(dice.several(1, 60, () => dice.below(256))) }),
    () => ({ headers: { ...json, 'content-encoding': word(dice, ['gzip', 'br', 'identity']) }, body: text }),
    () => ({
      headers: { 'content-type': word(dice, ['text/plain', 'multipart/form-data; boundary=x', 'a/b;;', '']) },
      body: text,
    }),
    () => ({ headers: { 'content-type': 'text/xml' }, body: `<${strange(dice)}>${strange(dice)}` }),
  ];
  if (isWrong(dice)) return dice.one(badShapes)();
  return dice.is(0.8) ? { headers: json, body: text } : dice.one(goodShapes)();
};

export const multipart = (dice: Dice): Payload => {
  const part = (name: string, text: string, extra = '') =>
    `--fuzz\r\nContent-Disposition: form-data; name="${name}"${extra}\r\n\r\n${text}\r\n`;
  const fileName = value(dice).replace(/["\r\n]/g, '');
  const parts = [
    part('table_name', isWrong(dice) ? table(dice) : 'incident'),
    part('table_sys_id', recordId(dice)),
    part(isWrong(dice) ? '__proto__' : 'uploadFile', value(dice), `; filename="${fileName}"`),
  ];
  const text = `${parts.slice(isWrong(dice) ? 1 : 0).join('')}${isWrong(dice) ? '' : '--fuzz--\r\n'}`;
  return { headers: { 'content-type': 'multipart/form-data; boundary=fuzz' }, body: text };
};

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Something in three parts that nobody signed. */
export const forgedToken = (dice: Dice): string => {
  const header = { alg: word(dice, ['RS256', 'none', 'HS256', 'ES256', 'EdDSA']), kid: jsonValue(dice), crit: jsonValue(dice) };
  const claims = { iss: value(dice), aud: jsonValue(dice), exp: jsonValue(dice), sub: jsonValue(dice), ...record(dice) };
  const parts = [JSON.stringify(header), JSON.stringify(claims), value(dice)].map(base64url);
  return isWrong(dice) ? parts.slice(0, dice.below(4)).join('.') : parts.join('.');
};
