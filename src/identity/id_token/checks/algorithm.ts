// Is the algorithm one that only the holder of a private key can use? The list is ours; neither token nor metadata adds to it.
import { Refusal, shownValue } from '../../refusal.ts';
import { algorithmNamed, algorithmNames } from '../algorithms.ts';
import { check } from '../check.ts';
import { splitToken } from '../decode.ts';

export const algorithm = check('algorithm', ['decoded'], (subject) => {
  const got = subject.decoded.algorithm;
  const found = algorithmNamed(got);
  if (!found) throw new Refusal('alg_not_allowed', { expected: algorithmNames.join(', '), got: shownValue(got, 40) });
  if (splitToken(subject.token)[2] === '') throw new Refusal('bad_signature', { expected: 'a signature', got: 'none' });
  subject.algorithm = found;
  return { expected: algorithmNames.join(', '), got };
});
