// The checks by schedule, inside the instance: what is found becomes an issue (sn_sb_error), seen again it is counted, gone it is closed.
// It mends nothing.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { sha256Hex } from '../kit/fingerprint.ts';
import type { LocalhostLog } from '../kit/localhost_log.ts';
import { every, type Timer } from '../kit/timer.ts';
import { systemCaller } from '../records/caller.ts';
import type { Properties } from '../records/properties.ts';
import type { Records, Row } from '../records/records.ts';
import type { Finding } from './check.ts';
import { checks } from './checks/index.ts';
import { examine } from './examine.ts';
import type { QueueSummary, Reader } from './reader.ts';
import { makeRecordsReader } from './records_reader.ts';

export interface ScheduleParts {
  records: Records;
  clock: Clock;
  reader: Reader;
}

export interface ScheduledDoctor {
  /** One round. Answers how many issues are open. */
  run(): Promise<number>;
}

/** Counting is worth a write now and then, not every minute. */
const countEveryMs = 600_000;

export const makeScheduledDoctor = ({ records, clock, reader }: ScheduleParts): ScheduledDoctor => {
  const knownErrors = async (): Promise<ReadonlyMap<string, string>> => {
    const known = new Map((await records.find('sn_sb_known_error_code', '')).map((row) => [row.code ?? '', row.sys_id ?? '']));
    for (const { code, title } of checks) {
      if (known.has(code)) continue;
      known.set(code, (await records.insert(systemCaller, 'sn_sb_known_error_code', { code, name: title })).sysId);
    }
    return known;
  };

  // The same trouble is one issue: by check, connection and the record that it is about, not by words that hold a number of seconds.
  const keyOf = ({ code, connection, evidence }: Finding): string =>
    sha256Hex(
      JSON.stringify([
        code,
        connection,
        evidence[0]?.table ?? '',
        code.startsWith('QUEUE') ? '' : (evidence[0]?.sysId ?? ''),
        evidence[0]?.field ?? '',
      ]),
    );

  const valuesOf = (finding: Finding): Record<string, string> => ({
    severity: finding.severity,
    error: finding.summary.slice(0, 1000),
    cause: finding.evidence
      .map(
        ({ table, record, field, value, expected }) =>
          `${table} "${record}": ${field} is ${value || '(empty)'}, expected ${expected}`,
      )
      .join('\n')
      .slice(0, 4000),
    solution: finding.fix.slice(0, 1000),
  });

  const raise = async (
    finding: Finding,
    key: string,
    before: Row | undefined,
    known: ReadonlyMap<string, string>,
  ): Promise<void> => {
    const now = wireMoment(clock.now());
    const [connection] = await records.findBy('sn_sb_connection', { connection_id: finding.connection }, { limit: 1 });
    if (!before) {
      await records.insert(systemCaller, 'sn_sb_error', {
        ...valuesOf(finding),
        finding: key,
        known_error: known.get(finding.code) ?? '',
        connection: connection?.sys_id ?? '',
        last_seen: now,
      });
      return;
    }
    const isOld = (before.last_seen ?? '') < wireMoment(clock.now() - countEveryMs);
    if (before.state === 'open' && !isOld) return;
    await records.update(systemCaller, 'sn_sb_error', before.sys_id ?? '', {
      ...valuesOf(finding),
      state: 'open',
      closed_at: '',
      last_seen: now,
      count: String(Number(before.count || 0) + 1),
    });
  };

  return {
    async run() {
      const { findings } = await examine({ here: reader });
      const known = await knownErrors();
      const wanted = new Map(findings.filter(({ severity }) => severity !== 'info').map((finding) => [keyOf(finding), finding]));
      const issues = new Map((await records.find('sn_sb_error', 'findingISNOTEMPTY')).map((row) => [row.finding ?? '', row]));
      for (const [key, finding] of wanted) await raise(finding, key, issues.get(key), known);
      for (const [key, issue] of issues) {
        if (wanted.has(key) || issue.state !== 'open') continue;
        const closed = { state: 'closed', closed_at: wireMoment(clock.now()) };
        await records.update(systemCaller, 'sn_sb_error', issue.sys_id ?? '', closed);
      }
      return wanted.size;
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
  summary: () => Promise<readonly QueueSummary[]>;
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
