// The checks by schedule, inside the instance: what is found becomes an issue (sn_sb_error), and is closed when it is gone. It mends nothing.
import type { Clock } from '../kit/clock.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import { every, type Timer } from '../kit/timer.ts';
import type { Properties } from '../records/properties.ts';
import type { Records } from '../records/records.ts';
import type { Finding } from './check.ts';
import { examine } from './examine.ts';
import { issueKey, makeIssues } from './issues.ts';
import type { Reader } from './reader.ts';
import { makeRecordsReader } from './records_reader.ts';

export interface ScheduleParts {
  records: Records;
  clock: Clock;
  reader: Reader;
}

export interface ScheduledDoctor {
  /** One round. Answers how many findings are there that are worth an issue. */
  run(): Promise<number>;
}

export const makeScheduledDoctor = ({ records, clock, reader }: ScheduleParts): ScheduledDoctor => {
  const issues = makeIssues({ records, clock });
  let before: ReadonlySet<string> = new Set();
  const keysOf = (findings: readonly Finding[]): Set<string> => new Set(findings.map(issueKey));
  const isCritical = ({ severity }: Finding): boolean => severity === 'critical';

  return {
    async run() {
      const look = () => examine({ here: reader });
      let seen = await look();
      // What is critical is a record that is wrong, or one of several that somebody changed while they were read: a second look tells. The rest
      // may be gone a moment later, as after a start or while a backlog is worked off: it is raised when it is still there at the next round.
      const criticalNow = keysOf(seen.findings.filter(isCritical));
      if (!criticalNow.isSubsetOf(before)) seen = await look();
      const present = seen.findings.filter(({ severity }) => severity !== 'info');
      const isRipe = (finding: Finding): boolean => before.has(issueKey(finding)) || criticalNow.has(issueKey(finding));
      await issues.raise(
        present.filter(isRipe),
        seen.instances.flatMap(({ connections }) => connections ?? []),
      );
      await issues.close(present, new Set(seen.unseen.flatMap(({ checks }) => checks)));
      before = keysOf(present);
      return present.length;
    },
  };
};

const lookEveryMs = 5_000;

/** Runs the checks as often as sn_sb.doctor_seconds says; 0 turns them off. */
export const startDoctor = (parts: {
  records: Records;
  clock: Clock;
  log: LocalhostLog;
  properties: Properties;
  name: () => string;
}): Timer => {
  const { records, clock, log, properties } = parts;
  const reader = makeRecordsReader({ ...parts, now: clock.now });
  const doctor = makeScheduledDoctor({ records, clock, reader });
  let lastAt = 0;
  const look = async (): Promise<void> => {
    const seconds = await properties.number('sn_sb.doctor_seconds', 60);
    if (seconds <= 0 || clock.now() - lastAt < seconds * 1000) return;
    lastAt = clock.now();
    await doctor.run();
  };
  return every(clock, lookEveryMs, look, (error) => {
    log.write({ level: 'warning', text: `The scheduled checks failed, and will be tried again: ${(error as Error).message}` });
  });
};
