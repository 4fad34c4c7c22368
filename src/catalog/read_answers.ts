// What somebody answered to the form of an item, checked against it. Pure. Names that the form does not have count for nothing.
import { Fault } from '../kit/fault.ts';
import { chosenTypes, type FormVariable } from './read_form.ts';

export interface Answer {
  readonly variable: FormVariable;
  readonly value: string;
  /** What people read in its place. */
  readonly display: string;
}

const longest = 4000;
const yesAndNo: ReadonlyMap<string, string> = new Map([
  ['yes', 'Yes'],
  ['no', 'No'],
]);

const bad = ({ name }: FormVariable, what: string): Fault =>
  new Fault('bad_request', 'catalog.bad_variable', 'Invalid value of a variable', { explanation: `${name}: ${what}` });

const textOf = (variable: FormVariable, given: unknown): string => {
  const value = given === undefined || given === null ? variable.defaultValue : given;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || !value.isWellFormed() || value.includes('\0')) throw bad(variable, 'it is no text');
  if (value.length > longest) throw bad(variable, `it is longer than ${longest} characters`);
  return value;
};

const read = (variable: FormVariable, given: unknown): Answer => {
  const value = textOf(variable, given);
  if (value === '') return { variable, value, display: '' };
  if (variable.type === '7') {
    if (value !== 'true' && value !== 'false') throw bad(variable, 'a checkbox is true or false');
    return { variable, value, display: value };
  }
  if (variable.type === '1') {
    const said = yesAndNo.get(value.toLowerCase());
    if (said === undefined) throw bad(variable, 'the answer is Yes or No');
    return { variable, value: said, display: said };
  }
  if (!chosenTypes.has(variable.type)) return { variable, value, display: value };
  const choice = variable.choices.find((each) => each.value === value);
  if (!choice) throw bad(variable, `${value} is not among its choices`);
  return { variable, value, display: choice.text };
};

/** Throws `catalog.mandatory_variables`, `catalog.bad_variable`. */
export const readAnswers = (form: readonly FormVariable[], given: ReadonlyMap<string, unknown>): Answer[] => {
  const answers = form.map((variable) => read(variable, given.get(variable.name)));
  const missing = answers.filter(
    // An unticked box that must be ticked is not answered.
    ({ variable, value }) => variable.isMandatory && (value === '' || (variable.type === '7' && value === 'false')),
  );
  if (missing.length > 0)
    throw new Fault('bad_request', 'catalog.mandatory_variables', 'Mandatory Variables are required', {
      explanation: missing.map(({ variable }) => variable.name).join(', '),
    });
  return answers;
};

/** One line for each answer, for people who work on what was ordered. */
export const describeAnswers = (answers: readonly Answer[]): string =>
  answers
    .filter(({ value }) => value !== '')
    .map(({ variable, display }) => `${variable.label}: ${display}`)
    .join('\n');
