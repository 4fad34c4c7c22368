// The rows of a part as one SVG: what was promised first, then what grows, then plain figures.
import type { Row } from './part.ts';
import { figurePanels } from './pictures/figures.ts';
import { floorsPanel } from './pictures/floors.ts';
import { linePanels } from './pictures/lines.ts';
import { colours, escaped, pictureWidth, words } from './pictures/panel.ts';

const top = 46;

export const pictureOf = (title: string, rows: readonly Row[]): string => {
  const floors = floorsPanel(rows);
  const panels = [...(floors ? [floors] : []), ...linePanels(rows), ...figurePanels(rows)];
  let height = top;
  const drawn = panels.map((panel) => {
    const moved = `<g transform="translate(0 ${height})">\n${panel.svg}\n</g>`;
    height += panel.height;
    return moved;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${pictureWidth} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${pictureWidth}" height="${height}" fill="#ffffff"/>`,
    words(16, 24, `Causeway: ${title}`, `font-size="15" font-weight="600" fill="${colours.ink}"`),
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
};
