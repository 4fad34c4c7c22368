// What figures are asked for, in field names, → the same with real fields. Names that are no fields, or of which such a figure cannot
// be taken, are left out, as unknown names in a field list are.
import type { Path, Relation } from './bound.ts';
import type { AggregateShape, Figure, Measure } from './compile/aggregate.ts';
import { canMeasure } from './compile/aggregate.ts';
import { readLiteral } from './values.ts';

export interface AskedFigures {
  readonly count: boolean;
  readonly avg: readonly string[];
  readonly min: readonly string[];
  readonly max: readonly string[];
  readonly sum: readonly string[];
  readonly groupBy: readonly string[];
  readonly having: ReadonlyArray<{
    readonly measure: Measure;
    readonly field: string;
    readonly relation: Relation;
    readonly value: string;
  }>;
  /** Without a measure: by the value of that group. */
  readonly order: ReadonlyArray<{ readonly measure?: Measure; readonly field?: string; readonly isDescending: boolean }>;
}

const measures = ['avg', 'min', 'max', 'sum'] as const;

/** `resolve` answers undefined for what is no field or may not be read. */
export const readFigures = (
  asked: AskedFigures,
  resolve: (text: string) => Path | undefined,
  timeZone: string,
): AggregateShape => {
  const figureOf = (measure: Measure, field: string | undefined): Figure | undefined => {
    if (field === undefined || field === '') return measure === 'count' ? { measure, path: undefined } : undefined;
    const path = resolve(field);
    return path && canMeasure(measure, path.field) ? { measure, path } : undefined;
  };
  const groupBy = [...new Set(asked.groupBy)].flatMap((field) => {
    const path = resolve(field);
    return path && path.field.column !== '' ? [path] : [];
  });
  const figures: Figure[] = asked.count ? [{ measure: 'count', path: undefined }] : [];
  for (const measure of measures) {
    for (const field of new Set(asked[measure])) figures.push(...[figureOf(measure, field) ?? []].flat());
  }
  const having = asked.having.flatMap(({ measure, field, relation, value }) => {
    const figure = figureOf(measure, field);
    if (!figure) return [];
    const number = value.trim() === '' ? Number.NaN : Number(value);
    const isMoment = figure.path?.field.columnType === 'text' && (measure === 'min' || measure === 'max');
    const read = figure.path && isMoment ? readLiteral(figure.path.field, value, timeZone).value : number;
    return typeof read === 'string' || Number.isFinite(read) ? [{ ...figure, relation, value: read ?? null }] : [];
  });
  const order = asked.order.flatMap(({ measure, field, isDescending }): AggregateShape['order'][number][] => {
    if (measure) {
      const figure = figureOf(measure, field);
      return figure ? [{ ...figure, isDescending }] : [];
    }
    const path = groupBy.find(({ text }) => text === field);
    return path ? [{ measure: undefined, path, isDescending }] : [];
  });
  return { groupBy, figures, having, order };
};
