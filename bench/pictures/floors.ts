// Ratios that something was promised of: one bar per row on a logarithmic scale of "times the floor", with the marks of target and reach.
import type { Row } from '../part.ts';
import { figure, standing } from '../report.ts';
import { bar, colours, layout, type Panel, words } from './panel.ts';

const colourOf = { target: colours.good, floor: colours.fair, below: colours.bad, '': colours.plain } as const;
const top = 26;

/** 1 is the floor; twice as good is 2, whichever way better lies. */
const timesFloor = (row: Row, value: number): number => {
  const floor = row.floor ?? value;
  return row.isLessBetter ? floor / value : value / floor;
};

// From a quarter of the floor to sixteen times it.
const place = (times: number): number =>
  Math.max(0, Math.min(layout.width, ((Math.log2(times) + 2) / 6) * layout.width)) + layout.left;

const barOf = (row: Row, at: number): string => {
  const y = top + at * layout.line;
  const marks = [row.target, row.reach].map((mark) => {
    if (mark === undefined || mark === 0) return '';
    const x = place(timesFloor(row, mark)).toFixed(1);
    return `<line x1="${x}" x2="${x}" y1="${y}" y2="${y + 16}" stroke="${colours.ink}" stroke-width="1.5"/>`;
  });
  const title = row.engine ? `${row.title}, ${row.engine}` : row.title;
  const end = place(timesFloor(row, row.value));
  return [bar({ at, top, title, end, colour: colourOf[standing(row)], figure: figure(row.value) }), ...marks].join('\n');
};

/** A floor of nothing at all, such as of messages that may be overtaken, has no place on this scale. */
export const floorsPanel = (rows: readonly Row[]): Panel | undefined => {
  const shown = rows.filter((row) => row.floor !== undefined && row.floor > 0 && row.value > 0);
  if (shown.length === 0) return undefined;
  const height = top + shown.length * layout.line + 14;
  const floorAt = place(1).toFixed(1);
  const svg = [
    words(
      16,
      12,
      'times the floor, logarithmic; the dashed line is the floor, the marks are target and reach',
      `fill="${colours.plain}"`,
    ),
    ...shown.map(barOf),
    `<line x1="${floorAt}" x2="${floorAt}" y1="${top - 6}" y2="${height - 14}" stroke="${colours.bad}" stroke-dasharray="4 3"/>`,
  ];
  return { height, svg: svg.join('\n') };
};
