// Figures as the Aggregate API says them: every number is text, averages have four decimals, groups stand beside the figures.
// It must not count anything.

import { fieldTypeOf } from '../../records/field_types/index.ts';
import { type CellOptions, makeCell } from '../../records/present/cell.ts';
import type { ShownNames } from '../../records/present/names.ts';
import type { DisplayMode, Figures } from '../../records/records.ts';
import type { Value } from '../../store/store.ts';
import type { Data } from '../say_data.ts';

type Figure = Figures['figures'][number];

const decimals = fieldTypeOf('decimal');

const textOf = ({ measure, path }: Figure, value: Value | undefined): string => {
  if (value === null || value === undefined) return '';
  if (measure === 'avg') return Number(value).toFixed(4);
  if (path && (measure === 'min' || measure === 'max')) return fieldTypeOf(path.field.type).toText(value);
  return decimals.toText(value);
};

const statsOf = (figures: readonly Figure[], row: readonly Value[]): Data => {
  const stats: Record<string, Record<string, string> | string> = Object.create(null);
  for (const figure of figures) {
    const { measure, path, at } = figure;
    const text = textOf(figure, row[at]);
    if (!path) {
      stats[measure] = text;
      continue;
    }
    const known = stats[measure];
    const byField: Record<string, string> = typeof known === 'object' ? known : Object.create(null);
    byField[path.text] = text;
    stats[measure] = byField;
  }
  return stats;
};

/** An object without groups, a list with them. */
export const sayFigures = (
  { figures, groups, rows }: Figures,
  options: CellOptions & { display: DisplayMode },
  names: ShownNames,
): Data => {
  if (groups.length === 0) return { stats: statsOf(figures, rows[0] ?? []) };
  const { display } = options;
  const cells = groups.map((group) => makeCell(group, options));
  return rows.map((row) => ({
    stats: statsOf(figures, row),
    groupby_fields: cells.map((cell) => ({
      field: cell.key,
      ...(display === 'true' ? {} : { value: cell.value(row) }),
      ...(display === 'false' ? {} : { display_value: cell.shown(row, names) }),
    })),
  }));
};
