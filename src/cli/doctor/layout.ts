// Text on a screen: lines that fit, labels in a column, colours where the reader has them. Pure.
import { styleText } from 'node:util';
import type { Severity } from '../../doctor/check.ts';
import type { Screen } from '../command.ts';

export interface Layout {
  /** `label` in its column, `text` beside it, as many lines as it takes. A word is never broken, so that addresses stay whole. */
  row(label: string, text: string): string;
  /** The line that opens a finding. */
  heading(severity: Severity, code: string, title: string): string;
  strong(text: string): string;
}

const labelColumns = 11;
const widest = 120;
const narrowest = 60;

const colours = { critical: ['bold', 'red'], error: 'red', warning: 'yellow', info: 'cyan' } as const;
const words: Readonly<Record<Severity, string>> = { critical: 'CRITICAL', error: 'ERROR', warning: 'WARNING', info: 'NOTE' };

const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
};

/** Without a screen lines are as long as they are: whoever searches them wants them whole. */
export const makeLayout = (screen: Screen | undefined): Layout => {
  const width = screen ? Math.min(widest, Math.max(narrowest, screen.columns)) - labelColumns : Number.POSITIVE_INFINITY;
  const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
    screen?.hasColours ? styleText(format, text, { validateStream: false }) : text;
  return {
    row(label, text) {
      const lines = Number.isFinite(width) ? wrap(text, width) : [text];
      return lines.map((line, at) => `${paint('dim', (at === 0 ? `  ${label}` : '').padEnd(labelColumns))}${line}`).join('\n');
    },
    heading(severity, code, title) {
      const opening = `${words[severity].padEnd(8)}  ${code}  `;
      const [first = '', ...more] = wrap(title, width + labelColumns - opening.length);
      const painted = `${paint([...[colours[severity]].flat()], words[severity].padEnd(8))}  ${paint('bold', code)}  `;
      return [`${painted}${first}`, ...more.map((line) => `${' '.repeat(opening.length)}${line}`)].join('\n');
    },
    strong: (text) => paint('bold', text),
  };
};
