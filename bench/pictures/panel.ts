// What panels of a picture share: a piece of SVG that knows its height and is moved to its place by whoever puts them together.

export interface Panel {
  height: number;
  /** Drawn as if the panel began at the top of the picture. */
  svg: string;
}

export const layout = { left: 470, width: 420, right: 110, line: 26 };
export const pictureWidth = layout.left + layout.width + layout.right;

export const colours = { good: '#1a7f37', fair: '#9a6700', bad: '#cf222e', plain: '#57606a', ink: '#24292f', rule: '#d0d7de' };

export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export const words = (x: number, y: number, text: string, more = ''): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(text)}</text>`;

/** A bar with its title before it and its figure behind it. */
export const bar = (parts: { at: number; top: number; title: string; end: number; colour: string; figure: string }): string => {
  const y = parts.top + parts.at * layout.line;
  return [
    words(layout.left - 10, y + 12, parts.title, 'text-anchor="end"'),
    `<rect x="${layout.left}" y="${y + 2}" width="${Math.max(1, parts.end - layout.left).toFixed(1)}" height="12" rx="2" fill="${parts.colour}"/>`,
    words(layout.left + layout.width + 10, y + 12, parts.figure),
  ].join('\n');
};
