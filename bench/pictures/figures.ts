// Rows that nothing was promised of: one bar each, as long as its share of the largest of the same unit.
import type { Row } from '../part.ts';
import { figure } from '../report.ts';
import { bar, colours, layout, type Panel, words } from './panel.ts';

const top = 26;
const isShown = ({ floor, point, value }: Row): boolean => floor === undefined && point === undefined && value > 0;

export const figurePanels = (rows: readonly Row[]): Panel[] => {
  const byUnit = Map.groupBy(rows.filter(isShown), ({ unit }) => unit ?? 'ratio');
  return [...byUnit].map(([unit, those]) => {
    const most = Math.max(...those.map(({ value }) => value));
    const bars = those.map((row, at) => {
      const title = row.engine ? `${row.title}, ${row.engine}` : row.title;
      const end = layout.left + (row.value / most) * layout.width;
      return bar({ at, top, title, end, colour: colours.plain, figure: figure(row.value) });
    });
    const svg = [words(16, 12, unit === 'ratio' ? 'ratios' : unit, `fill="${colours.plain}"`), ...bars];
    return { height: top + those.length * layout.line + 14, svg: svg.join('\n') };
  });
};
