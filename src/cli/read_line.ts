// Asks whoever sits at the terminal, and waits for a line. Must not be asked for secrets: what is typed is seen.
import { createInterface } from 'node:readline/promises';

/** '' where somebody would rather not answer (Ctrl-C, Ctrl-D). */
export const readLine = async (
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  question: string,
): Promise<string> => {
  const terminal = createInterface({ input, output });
  const gone = new AbortController();
  for (const event of ['SIGINT', 'close'] as const) terminal.on(event, () => gone.abort());
  try {
    return await terminal.question(question, { signal: gone.signal });
  } catch (error) {
    if (!gone.signal.aborted) throw error;
    output.write('\n');
    return '';
  } finally {
    terminal.close();
  }
};
