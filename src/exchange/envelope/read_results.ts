// The peer's answer to a batch, message by message. Whatever does not read as a result is left out: its message counts as unanswered.
import type { RowResult } from '../carriers/carrier.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const readResult = (value: unknown): RowResult | undefined => {
  if (value === null || typeof value !== 'object') return undefined;
  const result = new Map(Object.entries(value));
  const id = text(result.get('id'));
  const have = Number(result.get('have'));
  if (id === '') return undefined;
  switch (result.get('outcome')) {
    case 'applied':
      return { id, outcome: 'applied' };
    case 'ignored':
      return { id, outcome: 'ignored', reason: text(result.get('reason')) };
    case 'stored':
      return { id, outcome: 'stored' };
    case 'held':
      return { id, outcome: 'held' };
    case 'refused':
      return { id, outcome: 'refused', code: text(result.get('code')) || 'exchange.refused', detail: text(result.get('detail')) };
    case 'gap':
      return Number.isSafeInteger(have) && have >= 0 ? { id, outcome: 'gap', have } : undefined;
    case 'stale':
      return Number.isSafeInteger(have) && have >= 0 ? { id, outcome: 'stale', have } : undefined;
    default:
      return undefined;
  }
};

/** undefined when the answer is no answer to a batch at all. */
export const readResults = (body: Buffer): RowResult[] | undefined => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  const results = parsed !== null && typeof parsed === 'object' ? (parsed as { results?: unknown }).results : undefined;
  return Array.isArray(results) ? results.flatMap((result) => readResult(result) ?? []) : undefined;
};
