// The fields of a record that a producer's form makes: what is mapped goes to its field, all of it stands in the description.
import type { Row } from '../records/records.ts';
import { type Answer, describeAnswers } from './read_answers.ts';

/** Fields that answers are meant for. */
export const mappedValues = (answers: readonly Answer[]): Record<string, string> =>
  Object.fromEntries(
    answers
      .filter(({ variable, value }) => variable.mapsTo !== '' && !variable.mapsTo.startsWith('sys_') && value !== '')
      .map(({ variable, value }) => [variable.mapsTo, value]),
  );

export const producedValues = (item: Row, answers: readonly Answer[]): Record<string, string> => ({
  short_description: item.short_description || (item.name ?? ''),
  description: describeAnswers(answers),
  ...mappedValues(answers),
});
