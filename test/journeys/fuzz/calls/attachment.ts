// Calls of the Attachment API.

import { multipart, nothing, payload } from '../payloads.ts';
import { type Dice, encode, poolId, queryString, recordId, value, version, word } from '../pieces.ts';
import type { Call } from '../requests.ts';

export const attachmentCall = (dice: Dice): Call => {
  const base = `/api/now${version(dice)}/attachment`;
  const asked = queryString(dice, [
    'sysparm_query',
    'sysparm_limit',
    'sysparm_offset',
    'table_name',
    'table_sys_id',
    'file_name',
  ]);
  const id = encode(dice, recordId(dice));
  const place = `table_name=incident&table_sys_id=${poolId(dice)}&file_name=${encode(dice, value(dice))}`;
  const ranges = ['bytes=0-1', 'bytes=-5', 'bytes=5-', 'bytes=9-1', 'bytes=0-1,3-4'];
  const types = ['text/plain', 'image/png', 'application/octet-stream', ''];
  const kinds: (() => Call)[] = [
    () => ({ method: 'GET', path: `${base}${asked}`, ...nothing }),
    () => ({
      method: dice.one(['GET', 'DELETE', 'PATCH', 'PUT']),
      path: `${base}/${id}`,
      ...payload(dice, { file_name: value(dice) }),
    }),
    () => ({ method: dice.one(['GET', 'HEAD']), path: `${base}/${id}/file`, headers: { range: word(dice, ranges) }, body: '' }),
    () => ({ method: 'POST', path: `${base}/upload`, ...multipart(dice) }),
    () => ({ method: 'POST', path: `${base}/file?${place}`, headers: { 'content-type': word(dice, types) }, body: value(dice) }),
    () => ({
      method: dice.one(['GET', 'POST', 'PUT', 'DELETE']),
      path: `${base}/${id}/attributes/${encode(dice, value(dice))}`,
      ...payload(dice, { key: value(dice), value: value(dice) }),
    }),
  ];
  return dice.one(kinds)();
};
