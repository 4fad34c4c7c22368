// Makes the changes of a finding, then looks again: a fix that did not help is said to have not helped.
import type { Change, Finding } from './check.ts';
import { examine } from './examine.ts';
import type { RestInstance } from './rest_reader.ts';

export interface FixReport {
  readonly finding: Finding;
  /** The finding is gone. */
  readonly isGone: boolean;
}

const apply = async (instance: RestInstance, { table, sysId, values }: Change): Promise<void> => {
  // A record that has no row on every instance is named by a query.
  const id = sysId.includes('=') ? (await instance.rows(table, sysId, [], 1))[0]?.sys_id : sysId;
  if (!id) throw new Error(`${instance.name} has no record ${table} ${sysId}`);
  await instance.patch(table, id, values);
};

const keyOf = ({ code, side, connection, summary }: Finding): string => JSON.stringify([code, side, connection, summary]);

/** `findings`: those to be mended, in order; all are applied before anything is looked at again. */
export const applyFixes = async (
  findings: readonly Finding[],
  { here, peer, number }: { here: RestInstance; peer?: RestInstance; number?: string },
): Promise<FixReport[]> => {
  for (const finding of findings) {
    const instance = finding.side === 'peer' ? peer : here;
    if (!instance) continue;
    for (const change of finding.changes) await apply(instance, change);
  }
  // Each side asks the other at once, instead of waiting for the next heartbeat; twice, because the first round tells the second.
  for (const connection of [...new Set(findings.map((finding) => finding.connection))]) {
    for (const instance of [here, peer, here]) await instance?.probe(connection);
  }
  const after = await examine({ here, ...(peer ? { peer } : {}), ...(number === undefined ? {} : { number }) });
  const left = new Set(after.findings.map(keyOf));
  return findings.map((finding) => ({ finding, isGone: !left.has(keyOf(finding)) }));
};
