// Makes the changes of findings, one after the other, then looks again: a fix that did not help is said to have not helped.
import type { Change, Finding } from './check.ts';
import { type Examination, examine } from './examine.ts';
import type { RestInstance } from './rest_reader.ts';

/** gone: mended, and seen to be. remains: the changes were made and the finding is still there. refused: the instance did not take them. */
type Outcome = 'gone' | 'remains' | 'refused' | 'by_hand';

export interface FixReport {
  readonly finding: Finding;
  readonly outcome: Outcome;
  /** Why it was refused; '' otherwise. */
  readonly detail: string;
}

export interface FixScope {
  readonly here: RestInstance;
  readonly peer?: RestInstance;
  readonly number?: string;
}

const apply = async (instance: RestInstance, change: Change): Promise<void> => {
  if (change.kind === 'call') return instance.send('POST', change.path, change.body);
  if (change.kind === 'insert') return instance.send('POST', `/api/now/table/${change.table}`, change.values);
  return instance.send('PATCH', `/api/now/table/${change.table}/${change.sysId}`, change.values);
};

const keyOf = ({ code, side, connection, about }: Finding): string => JSON.stringify([code, side, connection, about]);

/** `findings`: those to be mended, in order; all are applied before anything is looked at again. Answers what is left as well. */
export const applyFixes = async (
  findings: readonly Finding[],
  scope: FixScope,
): Promise<{ reports: FixReport[]; after: Examination }> => {
  const { here, peer } = scope;
  const refused = new Map<Finding, string>();
  for (const finding of findings) {
    const instance = finding.side === 'peer' ? peer : here;
    try {
      for (const change of finding.changes) if (instance) await apply(instance, change);
    } catch (error) {
      refused.set(finding, (error as Error).message);
    }
  }
  // Each side asks the other at once, instead of waiting for the next heartbeat; twice, because the first round tells the second.
  for (const connection of new Set(findings.map((finding) => finding.connection)))
    for (const instance of [here, peer, here]) await instance?.probe(connection);
  const after = await examine(scope);
  const left = new Set(after.findings.map(keyOf));
  const reports = findings.map((finding): FixReport => {
    const detail = refused.get(finding);
    if (detail !== undefined) return { finding, outcome: 'refused', detail };
    if (!left.has(keyOf(finding))) return { finding, outcome: 'gone', detail: '' };
    return { finding, outcome: finding.changes.length === 0 ? 'by_hand' : 'remains', detail: '' };
  });
  return { reports, after };
};
