// How far an instance has lived, as a pair of numbers: the incarnation, which an administrator raises, and the mark, which counts on by itself.
// Text as `2.1042` in the database's row, in the file beside it and on the wire. Pure.

export interface Lineage {
  readonly incarnation: number;
  readonly mark: number;
}

export const lineageText = ({ incarnation, mark }: Lineage): string => `${incarnation}.${mark}`;

/** undefined where it is none: a peer of an older version says nothing of it. */
export const readLineage = (text: string | undefined): Lineage | undefined => {
  const found = /^(\d{1,12})\.(\d{1,15})$/.exec(text ?? '');
  return found ? { incarnation: Number(found[1]), mark: Number(found[2]) } : undefined;
};

/** Processes of one database, and requests that overtake one another, are this far apart at most. */
const slackMarks = 2;

export const isBefore = (one: Lineage, other: Lineage, slack = 0): boolean =>
  one.incarnation < other.incarnation || (one.incarnation === other.incarnation && one.mark + slack < other.mark);

/** What was said is older than what is known, by more than processes of one instance may differ. False where either is no lineage. */
export const isBehind = (said: string | undefined, known: string | undefined): boolean => {
  const [one, other] = [readLineage(said), readLineage(known)];
  return one !== undefined && other !== undefined && isBefore(one, other, slackMarks);
};

/** Not only a later mark: somebody has adopted it since. */
export const isReborn = (said: string | undefined, known: string | undefined): boolean => {
  const [one, other] = [readLineage(said), readLineage(known)];
  return one !== undefined && other !== undefined && one.incarnation > other.incarnation;
};
