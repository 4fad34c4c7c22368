// Runs the checks on one side, or on both ends of a connection at once. Must not change anything.
import type { Check, Finding } from './check.ts';
import { checks as allChecks } from './checks/index.ts';
import { type Facts, readFacts } from './facts.ts';
import type { Reader } from './reader.ts';

export interface Examination {
  readonly findings: readonly Finding[];
  /** What could not be looked at, and therefore not be found. */
  readonly unseen: readonly string[];
  readonly connections: number;
  readonly checks: number;
}

const examineSide = (
  facts: Facts,
  other: Facts | undefined,
  checks: readonly Check[],
): { findings: Finding[]; unseen: string[] } => {
  const unseen = facts.unseen.map((words) => `${facts.instance}: ${words}`);
  const findings: Finding[] = [];
  for (const check of checks) {
    if (!check.needs.every((table) => facts.sees(table))) {
      unseen.push(`${facts.instance}: ${check.code} (${check.title}) was not checked`);
      continue;
    }
    for (const link of facts.links) {
      const opposite = other?.links.find((each) => each.number === link.number);
      const seen = { facts, link, other: other && opposite ? { facts: other, link: opposite } : undefined };
      for (const found of check.look(seen)) {
        findings.push({
          code: check.code,
          severity: found.severity ?? check.severity,
          side: facts.side,
          instance: facts.instance,
          connection: link.number,
          summary: found.summary,
          evidence: found.evidence ?? [],
          fix: found.fix ?? '',
          changes: found.changes ?? [],
        });
      }
    }
  }
  return { findings, unseen };
};

/** `peer`: the instance at the other end, where an account for it is at hand. */
export const examine = async (given: { here: Reader; peer?: Reader; number?: string }): Promise<Examination> => {
  const [here, peer] = await Promise.all([
    readFacts(given.here, 'here', given.number),
    given.peer ? readFacts(given.peer, 'peer', given.number) : undefined,
  ]);
  const sides = [examineSide(here, peer, allChecks), ...(peer ? [examineSide(peer, here, allChecks)] : [])];
  return {
    findings: sides.flatMap((side) => side.findings),
    unseen: sides.flatMap((side) => side.unseen),
    connections: here.links.length,
    checks: allChecks.length,
  };
};
