// Contains, does not contain, starts with, ends with. On a reference they look at what people see of the target record.
// An empty field matches none of them, not even "does not contain".
import { cleanText } from '../../field_types/text.ts';
import type { BoundCondition } from '../bound.ts';
import { isScript } from '../call.ts';
import { displayPath } from '../resolve.ts';
import type { Operator } from './operator.ts';

type Like = Extract<BoundCondition, { kind: 'like' }>;

const meaning: ReadonlyMap<string, Pick<Like, 'place' | 'isNegated'>> = new Map([
  ['LIKE', { place: 'anywhere', isNegated: false }],
  ['CONTAINS', { place: 'anywhere', isNegated: false }],
  ['*', { place: 'anywhere', isNegated: false }],
  ['NOT LIKE', { place: 'anywhere', isNegated: true }],
  ['DOES NOT CONTAIN', { place: 'anywhere', isNegated: true }],
  ['!*', { place: 'anywhere', isNegated: true }],
  ['STARTSWITH', { place: 'start', isNegated: false }],
  ['ENDSWITH', { place: 'end', isNegated: false }],
  ['%', { place: 'end', isNegated: false }],
]);

export const pattern: Operator = {
  tokens: [...meaning.keys()],
  bind({ path, operator, value }, scope) {
    const how = meaning.get(operator);
    const shown = path.field.type === 'reference' ? displayPath(scope.dictionary, path) : path;
    const looked = shown && scope.mayAsk(shown) ? shown : path;
    // A person's name or sys_id may be asked for in a script; a moment may not: moments have no text to search in.
    const text = isScript(value) ? scope.read(path, value)?.value : value;
    if (!how || text === undefined || text === null) return undefined;
    return { kind: 'like', path: looked, text: cleanText(String(text)), ...how };
  },
};
