// Counts what one run uses of the record layer. Going over a limit is a Fault that the run does not survive.
import { Fault } from '../kit/fault.ts';
import type { ScriptLimits } from './limits.ts';
import type { Meter } from './script.ts';

export interface CountingMeter extends Meter {
  readonly used: { readonly queries: number; readonly rows: number };
}

export const makeMeter = (limits: Pick<ScriptLimits, 'queries' | 'rows'>): CountingMeter => {
  const used = { queries: 0, rows: 0 };
  return {
    used,
    query() {
      used.queries += 1;
      if (used.queries <= limits.queries) return;
      throw new Fault(
        'too_large',
        'scripting.too_many_queries',
        `The script made more than ${limits.queries} reads and writes of records`,
      );
    },
    rows(count) {
      used.rows += count;
      if (used.rows <= limits.rows) return;
      throw new Fault('too_large', 'scripting.too_many_rows', `The script read more than ${limits.rows} records`);
    },
  };
};
