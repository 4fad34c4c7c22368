// Every operator token, longest first, so that `INSTANCEOF` is never read as `IN` and `>=` never as `>`.
import { operators } from './index.ts';

export const operatorTokens: readonly string[] = operators
  .flatMap((operator) => operator.tokens)
  .sort((a, b) => b.length - a.length);
