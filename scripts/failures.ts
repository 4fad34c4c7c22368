// A reporter for node:test: of each test that failed where it stands, its name and why, in a few lines. It comes at the end of a run, where
// a log that was cut off still shows it; what the test compared is further up. Says nothing when all is well.
import { relative, resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

const mostLines = 30;
const widestLine = 300;
const mostFailures = 50;

type Failure = Error & { failureType?: string; cause?: unknown };

const shorten = (text: string): string[] => {
  const lines = text.trimEnd().split('\n');
  const rest = lines.length - mostLines;
  return [...lines.slice(0, mostLines).map((line) => line.slice(0, widestLine)), ...(rest > 0 ? [`… ${rest} more lines`] : [])];
};

/** `said`: on standard error by the file, which is all there is of one that could not run at all. */
const whyOf = (error: Failure, said: string): string[] => {
  const cause = error.cause instanceof Error ? error.cause : undefined;
  if (!cause) return shorten(`${error.message}\n${said}`);
  const where = cause.stack?.split('\n').find((line) => line.includes('/test/'));
  return [...shorten(`${cause.name}: ${cause.message}`), ...(where ? [where.trim()] : [])];
};

// biome-ignore lint/style/noDefaultExport: by which node:test finds it
export default async function* sayFailures(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const said = new Map<string, string>();
  let failed = 0;
  for await (const { type, data } of events) {
    if (type === 'test:stderr') {
      const file = resolve(data.file);
      said.set(file, `${said.get(file) ?? ''}${data.message}`.slice(-4_000));
    }
    if (type !== 'test:fail' || data.todo !== undefined) continue;
    const error: Failure = data.details.error;
    // That something inside failed is said where it failed.
    if (error.failureType === 'subtestsFailed') continue;
    failed += 1;
    if (failed > mostFailures) continue;
    const file = data.file ?? '';
    const why = whyOf(error, said.get(file) ?? '').map((line) => `    ${line}\n`);
    yield `\n✖ ${relative(process.cwd(), file)}:${data.line} ${data.name}\n${why.join('')}`;
  }
  if (failed > 0) yield `\n${failed} failed${failed > mostFailures ? `, of which ${mostFailures} are above` : ''}\n`;
}
