// Is it a signed JWT of bearable size at all? Must come first: everything after it reads what this took apart.
import { check } from '../check.ts';
import { decodeToken } from '../decode.ts';

export const shape = check('shape', [], (subject) => {
  subject.decoded = decodeToken(subject.token);
  return { expected: 'a signed JWT', got: `${Buffer.byteLength(subject.token)} bytes in three parts` };
});
