// How far a database has lived: the incarnation, which an administrator raises, the mark, which counts on by itself, and who wrote that mark.
// Text as `2.1042.5f0c11d2` in the database's row, in the file beside it and on the wire. A database knows of each process that ever ran on it
// the last mark it wrote: what it does not know was written to another one, that went on from it or beside it. Pure.

export interface Lineage {
  readonly incarnation: number;
  readonly mark: number;
  /** Of the process that wrote the mark, by a word that it gave itself when it started; '' where none did. */
  readonly writer: string;
}

/** Of the incarnation at hand: by writer, the last mark. */
export interface History {
  readonly lasts: Readonly<Record<string, number>>;
  /** Whatever was written up to here may have been forgotten. */
  readonly floor: number;
}

export const noHistory: History = { lasts: {}, floor: 0 };

export const lineageText = ({ incarnation, mark, writer }: Lineage): string =>
  writer === '' ? `${incarnation}.${mark}` : `${incarnation}.${mark}.${writer}`;

/** undefined where it is none: a peer of an older version says nothing of it. */
export const readLineage = (text: string | undefined): Lineage | undefined => {
  const found = /^(\d{1,12})\.(\d{1,15})(?:\.([0-9a-f]{8}))?$/.exec(text ?? '');
  return found ? { incarnation: Number(found[1]), mark: Number(found[2]), writer: found[3] ?? '' } : undefined;
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

/** News of the same instance: what a process says that is a mark behind the others is none. */
export const isLater = (said: string, known: string): boolean => {
  const [one, other] = [readLineage(said), readLineage(known)];
  return one !== undefined && said !== known && (other === undefined || !isBefore(one, other));
};

/** Not only a later mark: somebody has adopted it since. */
export const isReborn = (said: string | undefined, known: string | undefined): boolean => {
  const [one, other] = [readLineage(said), readLineage(known)];
  return one !== undefined && other !== undefined && one.incarnation > other.incarnation;
};

/** Whether `known` is a moment of this database's own past. An adoption ends what was before it. */
export const isOwnPast = (own: { lineage: Lineage; history: History }, known: Lineage): boolean => {
  const { lineage, history } = own;
  if (known.incarnation !== lineage.incarnation) return known.incarnation < lineage.incarnation;
  if (known.mark <= history.floor) return true;
  return known.writer === '' ? known.mark <= lineage.mark : known.mark <= (history.lasts[known.writer] ?? 0);
};

const mostWriters = 200;

/** With one more mark by this writer; of very many writers the oldest are forgotten. */
export const writeMark = (
  { lineage, history }: { lineage: Lineage; history: History },
  writer: string,
): { lineage: Lineage; history: History } => {
  const mark = lineage.mark + 1;
  const all = Object.entries({ ...history.lasts, [writer]: mark }).sort(([, one], [, other]) => other - one);
  const floor = Math.max(history.floor, all[mostWriters]?.[1] ?? 0);
  return { lineage: { ...lineage, mark, writer }, history: { lasts: Object.fromEntries(all.slice(0, mostWriters)), floor } };
};

/** An empty one where it cannot be read. */
export const readHistory = (text: string): History => {
  try {
    const said = JSON.parse(text) as { lasts?: unknown; floor?: unknown } | null;
    const lasts = Object.entries(said?.lasts ?? {}).filter(
      ([name, mark]) => /^[0-9a-f]{8}$/.test(name) && Number.isSafeInteger(mark),
    );
    return { lasts: Object.fromEntries(lasts), floor: Number.isSafeInteger(said?.floor) ? Number(said?.floor) : 0 };
  } catch {
    return noHistory;
  }
};
