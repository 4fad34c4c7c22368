// A token and what an instance said of it, as text for people.
// It must not repeat the token itself.
import type { CheckReport, TokenReport } from '../../identity/inspect.ts';
import type { LooseToken } from './read_loosely.ts';

const momentClaims = new Set(['exp', 'iat', 'nbf', 'auth_time', 'updated_at']);
const marks: Readonly<Record<CheckReport['outcome'], string>> = { passed: 'ok  ', failed: 'FAIL', skipped: '-   ' };

// Claims are the sender's words: nothing in them may move the reader's cursor.
const printable = (text: string): string =>
  text.replace(/\p{C}/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);

const claimText = (name: string, value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const isMoment = momentClaims.has(name) && typeof value === 'number' && Math.abs(value) < 8.64e12;
  return printable(isMoment ? `${text}  (${new Date(value * 1000).toISOString()})` : text);
};

const section = (title: string, values: Readonly<Record<string, unknown>>): string => {
  const names = Object.keys(values);
  const width = Math.max(0, ...names.map((name) => name.length));
  const lines = names.map((name) => `  ${printable(name).padEnd(width)}  ${claimText(name, values[name])}`);
  return [title, ...lines].join('\n');
};

/** Header and claims, with the warning that nobody has vouched for them. */
export const describeToken = (token: LooseToken): string =>
  [
    `Token ${token.fingerprint} (fingerprint). What it says is not proven by reading it.`,
    section('Header', token.header),
    section('Claims', token.claims),
  ].join('\n\n');

const describeCheck = ({ check, outcome, expected, got, hint }: CheckReport): string => {
  const facts =
    outcome === 'skipped' ? got : [expected && `expected ${expected}`, got && `got ${got}`].filter(Boolean).join(', ');
  const lines = [`  ${marks[outcome]}  ${check.padEnd(22)} ${printable(facts)}`.trimEnd()];
  if (hint !== '') lines.push(`        ${''.padEnd(22)} hint: ${printable(hint)}`);
  return lines.join('\n');
};

/** The instance's verdict, check by check. */
export const describeReport = (report: TokenReport): string => {
  const verdict = report.accepted
    ? `The instance would let this token in, as ${printable(report.user)}.`
    : `The instance would refuse this token: ${report.reason}.`;
  return ['Checks', ...report.checks.map(describeCheck), '', verdict].join('\n');
};
