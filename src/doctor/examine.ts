// Runs the checks on one side, or on both ends of a connection at once. Must not change anything.
import { type Check, type Finding, type Found, type Seen, severities } from './check.ts';
import { checks as allChecks } from './checks/index.ts';
import { explain } from './explain.ts';
import type { Facts, Link, SideName } from './facts.ts';
import { readArrived, readFacts } from './read_facts.ts';
import type { Reader } from './reader.ts';

/** What could not be looked at, and therefore not be found. */
export interface Unlooked {
  readonly side: SideName;
  readonly instance: string;
  /** A table, or `table.field`. */
  readonly what: string;
  readonly why: string;
  /** Codes of the checks that say nothing because of it. */
  readonly checks: readonly string[];
}

export interface Examined {
  readonly side: SideName;
  readonly instance: string;
  /** Numbers of the connections that were looked at; undefined where they could not be seen. */
  readonly connections: readonly string[] | undefined;
}

export interface Examination {
  /** The worst first; of one severity causes before symptoms. */
  readonly findings: readonly Finding[];
  readonly unseen: readonly Unlooked[];
  readonly instances: readonly Examined[];
  /** Codes of every check there is. */
  readonly checks: readonly string[];
}

type Arrived = ReadonlyMap<string, ReadonlyMap<string, number> | undefined>;

/** Commands and calls are ours: another instance has the Table API alone. */
const isOurs = (facts: Facts): boolean => facts.sees('sn_transport_lane');

const findingOf = (check: Check, facts: Facts, connection: string, found: Found): Finding => ({
  code: check.code,
  title: check.title,
  severity: found.severity ?? check.severity,
  side: facts.side,
  instance: facts.instance,
  connection,
  summary: found.summary,
  evidence: found.evidence ?? [],
  fix: found.fix ?? '',
  changes: (found.changes ?? []).filter(({ kind }) => kind !== 'call' || isOurs(facts)),
  commands: isOurs(facts) ? (found.commands ?? []) : [],
  about: found.about ?? found.evidence?.[0]?.sysId ?? '',
  vendorCheck: check.vendorCheck ?? '',
  causedBy: [],
});

const runCheck = (check: Check, facts: Facts, others: Facts | undefined, arrived: Arrived): Finding[] => {
  const surveyed = (check.survey?.(facts) ?? []).map((found) => findingOf(check, facts, found.connection, found));
  const looked = facts.links.flatMap((link) => {
    const opposite = others?.links.find((each) => each.number === link.number);
    const other = others && opposite ? { facts: others, link: opposite } : undefined;
    const seen: Seen = { facts, link, others, other, arrived: arrived.get(link.number) };
    return (check.look?.(seen) ?? []).map((found) => findingOf(check, facts, link.number, found));
  });
  return [...looked, ...surveyed];
};

const examineSide = (
  facts: Facts,
  others: Facts | undefined,
  arrived: Arrived,
  checks: readonly Check[],
): { findings: Finding[]; unseen: Unlooked[] } => {
  const { side, instance } = facts;
  const findings: Finding[] = [];
  const blind = new Map(facts.blind().map(({ what, why }) => [what, { why, checks: [] as string[] }]));
  const skip = (what: string, why: string, code: string): void => {
    const known = blind.get(what) ?? { why, checks: [] };
    known.checks.push(code);
    blind.set(what, known);
  };
  for (const check of checks) {
    const missing = check.needs.filter((any) => !any.split('|').some(facts.sees)).flatMap((any) => any.split('|').slice(0, 1));
    for (const what of missing.filter((each) => !missing.includes(each.split('.')[0] ?? '') || !each.includes('.')))
      skip(what, facts.whyBlind(what), check.code);
    if (missing.length > 0) continue;
    try {
      findings.push(...runCheck(check, facts, others, arrived));
    } catch (error) {
      // A check that fails must not pass for one that found nothing.
      skip(check.title, `the check itself failed: ${(error as Error).message}`, check.code);
    }
  }
  const unseen = [...blind]
    // A field that no check misses is nobody's loss.
    .filter(([what, { checks: codes }]) => codes.length > 0 || !what.includes('.'))
    .map(([what, { why, checks: codes }]) => ({ side, instance, what, why, checks: codes }));
  return { findings, unseen };
};

const readAllArrived = async (at: Reader, facts: Facts, from: Facts): Promise<Arrived> => {
  const all = new Map<string, ReadonlyMap<string, number> | undefined>();
  for (const link of facts.links) {
    const sender: Link | undefined = from.links.find((each) => each.number === link.number);
    if (sender)
      all.set(
        link.number,
        await readArrived(
          at,
          link,
          sender.sentLanes.map((lane) => lane.name ?? ''),
        ),
      );
  }
  return all;
};

const rank = ({ severity, causedBy }: Finding): number => severities.indexOf(severity) * 2 + (causedBy.length > 0 ? 1 : 0);

const examinedOf = (facts: Facts): Examined => ({
  side: facts.side,
  instance: facts.instance,
  connections: facts.sees('sn_sb_connection') ? facts.links.map(({ number }) => number) : undefined,
});

/** `peer`: the instance at the other end, where an account for it is at hand. `number`: only that connection. */
export const examine = async (given: {
  here: Reader;
  peer?: Reader;
  number?: string;
  checks?: readonly Check[];
}): Promise<Examination> => {
  const { here, peer, number, checks = allChecks } = given;
  const mine = await readFacts(here, 'here', number === undefined ? undefined : [number]);
  // The peer's connections to others are none of ours; where ours cannot be seen, all of its are looked at.
  const shared = mine.sees('sn_sb_connection') ? mine.links.map((link) => link.number) : undefined;
  const theirs = peer && (await readFacts(peer, 'peer', shared));
  const none: Arrived = new Map();
  const [there, back] =
    peer && theirs ? [await readAllArrived(peer, theirs, mine), await readAllArrived(here, mine, theirs)] : [none, none];
  const sides = [examineSide(mine, theirs, there, checks), ...(theirs ? [examineSide(theirs, mine, back, checks)] : [])];
  return {
    findings: explain(sides.flatMap((side) => side.findings)).toSorted((a, b) => rank(a) - rank(b)),
    unseen: sides.flatMap((side) => side.unseen),
    instances: [mine, ...(theirs ? [theirs] : [])].map(examinedOf),
    checks: checks.map(({ code }) => code),
  };
};
