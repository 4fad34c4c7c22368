// The table as a picture: one bar per row on a logarithmic scale of "times the floor", with the marks of floor, target and reach.
import { writeFile } from 'node:fs/promises';
import type { Row } from './part.ts';
import { standing } from './report.ts';

const colours = { target: '#1a7f37', floor: '#9a6700', below: '#cf222e', '': '#57606a' } as const;
const layout = { left: 430, width: 420, line: 26, top: 54, right: 90 };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** 1 is the floor; twice as good is 2, whichever way better lies. */
const timesFloor = (row: Row, value: number): number => {
  const floor = row.floor ?? value;
  return row.isLessBetter ? floor / value : value / floor;
};

// From a quarter of the floor to sixteen times it.
const place = (times: number): number =>
  Math.max(0, Math.min(layout.width, ((Math.log2(times) + 2) / 6) * layout.width)) + layout.left;

const barOf = (row: Row, at: number): string => {
  const y = layout.top + at * layout.line;
  const end = place(timesFloor(row, row.value));
  const marks = [row.target, row.reach]
    .filter((mark) => mark !== undefined)
    .map((mark) => {
      const x = place(timesFloor(row, mark)).toFixed(1);
      return `<line x1="${x}" x2="${x}" y1="${y}" y2="${y + 16}" stroke="#24292f" stroke-width="1.5"/>`;
    });
  const title = row.engine ? `${row.title}, ${row.engine}` : row.title;
  return [
    `<text x="${layout.left - 10}" y="${y + 12}" text-anchor="end">${escaped(title)}</text>`,
    `<rect x="${layout.left}" y="${y + 2}" width="${(end - layout.left).toFixed(1)}" height="12" rx="2" fill="${colours[standing(row)]}"/>`,
    ...marks,
    `<text x="${layout.left + layout.width + 10}" y="${y + 12}">${row.value.toPrecision(3)}</text>`,
  ].join('\n');
};

/** Rows without a floor have no place in it. */
export const pictureOf = (rows: readonly Row[]): string => {
  const shown = rows.filter((row) => row.floor !== undefined && row.value > 0);
  const height = layout.top + shown.length * layout.line + 16;
  const width = layout.left + layout.width + layout.right;
  const floorAt = place(1).toFixed(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    '<title>Ratios of the bench against their floors</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="22" font-size="15" font-weight="600">Causeway: how far each ratio is from its floor</text>`,
    `<text x="16" y="40" fill="#57606a">logarithmic; the dashed line is the floor, the marks are target and reach</text>`,
    ...shown.map(barOf),
    `<line x1="${floorAt}" x2="${floorAt}" y1="${layout.top - 6}" y2="${height - 10}" stroke="#cf222e" stroke-dasharray="4 3"/>`,
    '</svg>',
    '',
  ].join('\n');
};

export const writePicture = (path: string, picture: string): Promise<void> => writeFile(path, picture);
