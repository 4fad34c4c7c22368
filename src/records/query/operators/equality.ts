// `=` and `!=`. An empty value or NULL asks for empty fields; `!=` also matches fields that are empty.
import type { Value } from '../../../store/store.ts';
import type { Field } from '../../dictionary.ts';
import { allOf, anyOf, type BoundCondition, type Path } from '../bound.ts';
import { displayPath, extendPath } from '../resolve.ts';
import { natureOf, storedMoment } from '../values.ts';
import { among } from './among.ts';
import type { Operator, OperatorTerm, Scope } from './operator.ts';

export const isEmptyWord = (value: string): boolean => value === '' || value === 'NULL';

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Values of the choices that carry this label, where the text is no value itself: `state=In Progress`. */
export const choiceValues = (field: Field, text: string): readonly string[] => {
  if (field.choices.length === 0 || field.choices.some((choice) => sameText(choice.value, text))) return [];
  return [...new Set(field.choices.filter((choice) => sameText(choice.label, text)).map((choice) => choice.value))];
};

const holds = (field: Field, value: Value): boolean =>
  !(typeof value === 'number' && field.columnType === 'integer' && !Number.isInteger(value));

/** What the text can mean as values of the field. None: nothing that the field could hold. undefined: a script that is not allowed. */
export const meantValues = (path: Path, text: string, scope: Scope): readonly Value[] | undefined => {
  const labelled = choiceValues(path.field, text);
  const texts = labelled.length > 0 ? labelled : [text];
  const values: Value[] = [];
  for (const each of texts) {
    const reading = scope.read(path, each);
    if (!reading) return undefined;
    if (reading.value !== undefined && holds(path.field, reading.value)) values.push(reading.value);
  }
  return values;
};

// `assigned_to=john.smith`: what people see of the target, and the name users sign in with.
const shownAs = ({ path, value }: OperatorTerm, scope: Scope): BoundCondition[] => {
  if (!scope.isFilter || path.field.type !== 'reference') return [];
  const userName = scope.dictionary.table(path.field.reference)?.fields.get('user_name');
  const shown = [displayPath(scope.dictionary, path), userName && extendPath(scope.dictionary, path, userName)];
  return shown.flatMap((each) => {
    if (!each || !scope.mayAsk(each)) return [];
    const reading = scope.read(each, value);
    return reading?.value === undefined
      ? []
      : [{ kind: 'equals', path: each, values: [reading.value], isNegated: false } as const];
  });
};

const wholeDay = ({ path, value }: OperatorTerm, scope: Scope): BoundCondition | undefined => {
  const span = natureOf(path.field) === 'moment' ? scope.read(path, value)?.span : undefined;
  if (!span || span.fromMs === span.toMs) return undefined;
  const edge = (atMs: number): string => storedMoment(path.field, atMs, scope.timeZone);
  return allOf(
    { kind: 'compare', path, ordering: '>=', value: edge(span.fromMs) },
    { kind: 'compare', path, ordering: '<=', value: edge(span.toMs) },
  );
};

const outsideDay = (term: OperatorTerm, day: BoundCondition & { kind: 'all' }): BoundCondition => {
  const [from, to] = day.of as [BoundCondition & { kind: 'compare' }, BoundCondition & { kind: 'compare' }];
  return anyOf({ ...from, ordering: '<' }, { ...to, ordering: '>' }, { kind: 'empty', path: term.path, isNegated: false });
};

export const equality: Operator = {
  tokens: ['=', '!='],
  bind(term, scope) {
    const { path, operator, value } = term;
    const isNegated = operator === '!=';
    if (isEmptyWord(value)) return { kind: 'empty', path, isNegated };
    const day = wholeDay(term, scope);
    if (day?.kind === 'all') return isNegated ? outsideDay(term, day) : day;
    const values = meantValues(path, value, scope);
    if (!values) return undefined;
    const plain = among(path, values, isNegated);
    const shown = isNegated ? [] : shownAs(term, scope);
    return shown.length > 0 ? anyOf(plain, ...shown) : plain;
  },
};
