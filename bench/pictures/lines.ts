// What grows with a table and what does not: a line for each work over the rows of the table, both axes logarithmic, a panel an engine.
import type { Row } from '../part.ts';
import { figure } from '../report.ts';
import { colours, type Panel, words } from './panel.ts';

type Point = Row & { point: NonNullable<Row['point']> };

const box = { left: 70, top: 34, width: 500, height: 300 };
const strokes = ['#0969da', '#1a7f37', '#8250df', '#bf3989', '#cf222e', '#9a6700', '#57606a', '#24292f', '#1b7c83', '#bc4c00'];

const rowsInWords = (rows: number): string => (rows >= 1e6 ? `${rows / 1e6} million` : `${rows / 1000} thousand`);

/** Where a value lies between the least and the most, from 0 to 1. */
const scale = (values: readonly number[]): ((value: number) => number) => {
  const [least, most] = [Math.log10(Math.min(...values)), Math.log10(Math.max(...values))];
  return (value) => (most === least ? 0 : (Math.log10(value) - least) / (most - least));
};

const panelOf = (engine: string, points: readonly Point[]): Panel => {
  const sizes = [...new Set(points.map(({ point }) => point.rows))].sort((a, b) => a - b);
  const values = points.map(({ value }) => value);
  // Whole powers of ten, so that a line that looks flat is flat.
  const floor = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const ceiling = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const decades = Array.from({ length: Math.round(Math.log10(ceiling / floor)) + 1 }, (_, at) => floor * 10 ** at);
  const [across, up] = [scale(sizes), scale([floor, ceiling])];
  const x = (rows: number) => box.left + across(rows) * box.width;
  const y = (value: number) => box.top + (1 - up(value)) * box.height;
  const rules = decades.flatMap((ms) => [
    `<line x1="${box.left}" x2="${box.left + box.width}" y1="${y(ms).toFixed(1)}" y2="${y(ms).toFixed(1)}" stroke="${colours.rule}"/>`,
    words(box.left - 8, y(ms) + 4, `${figure(ms)} ms`, 'text-anchor="end"'),
  ]);
  const foot = sizes.map((rows) => words(x(rows), box.top + box.height + 18, rowsInWords(rows), 'text-anchor="middle"'));
  const lines = [...Map.groupBy(points, ({ point }) => point.line)].flatMap(([name, those], at) => {
    const stroke = strokes[at % strokes.length] ?? colours.ink;
    const sorted = those.toSorted((one, other) => one.point.rows - other.point.rows);
    const path = sorted.map(({ point, value }) => `${x(point.rows).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    const legendY = box.top + 14 + at * 20;
    const legendX = box.left + box.width + 30;
    return [
      `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="2"/>`,
      `<rect x="${legendX}" y="${legendY - 9}" width="14" height="4" fill="${stroke}"/>`,
      words(legendX + 22, legendY - 2, `${name}: ${sorted.map(({ value }) => figure(value)).join(', ')}`),
    ];
  });
  const svg = [
    words(16, 12, `milliseconds of one request over rows of the table, ${engine}`, `fill="${colours.plain}"`),
    ...rules,
    ...foot,
    ...lines,
  ];
  return { height: box.top + box.height + 40, svg: svg.join('\n') };
};

export const linePanels = (rows: readonly Row[]): Panel[] => {
  const points = rows.filter((row): row is Point => row.point !== undefined && row.value > 0);
  return [...Map.groupBy(points, ({ engine }) => engine ?? '')].map(([engine, those]) => panelOf(engine, those));
};
