// Findings as issues (sn_sb_error): one row for one trouble, raised once, counted when seen again, closed when gone. Safe in several
// processes on one database.
import { type Clock, wireMoment } from '../kit/clock.ts';
import { isFault } from '../kit/fault.ts';
import { sha256Hex } from '../kit/fingerprint.ts';
import { systemCaller } from '../records/caller.ts';
import type { Records, Row } from '../records/records.ts';
import type { Finding } from './check.ts';
import { checks } from './checks/index.ts';

export interface Issues {
  /** Raises what is new, counts what was known. Of a connection that has ended since it was looked at there is nothing to raise. */
  raise(findings: readonly Finding[], looked: readonly string[]): Promise<void>;
  /** Closes what is open and not among `present`, unless its check could not look. */
  close(present: readonly Finding[], blindCodes: ReadonlySet<string>): Promise<void>;
}

/** Counting is worth a write now and then, not every minute. */
const countEveryMs = 600_000;

/** The same trouble is one issue: by check, connection and what it is about, not by words that hold a number of seconds. */
export const issueKey = ({ code, connection, about }: Finding): string => sha256Hex(JSON.stringify([code, connection, about]));

const lineOf = ({ table, record, field, value, shown, expected }: Finding['evidence'][number]): string =>
  `${table} "${record}": ${field} is ${shown || value || '(empty)'}${expected === '' ? '' : `, expected ${expected}`}`;

const valuesOf = (finding: Finding): Record<string, string> => ({
  severity: finding.severity,
  error: finding.summary.slice(0, 1000),
  cause: finding.evidence.map(lineOf).join('\n').slice(0, 4000),
  solution: [
    finding.fix,
    ...(finding.changes.length > 0
      ? [`causeway doctor --fix ${finding.code} --connection ${finding.connection} --yes`]
      : finding.commands),
  ]
    .join('\n')
    .slice(0, 1000),
});

export const makeIssues = ({ records, clock }: { records: Records; clock: Clock }): Issues => {
  const knownErrors = async (): Promise<ReadonlyMap<string, string>> => {
    const known = new Map((await records.find('sn_sb_known_error_code', '')).map((row) => [row.code ?? '', row.sys_id ?? '']));
    for (const { code, title } of checks) {
      if (known.has(code)) continue;
      const category = code.startsWith('REG') ? 'Onboarding' : 'Connection';
      known.set(code, (await records.insert(systemCaller, 'sn_sb_known_error_code', { code, name: title, category })).sysId);
    }
    return known;
  };

  const issueOf = async (key: string): Promise<Row | undefined> =>
    (await records.findBy('sn_sb_error', { finding: key }, { limit: 1 }))[0];

  /** The connection is held meanwhile: whoever ends it removes the issue too. */
  const open = (finding: Finding, knownError: string, looked: readonly string[]): Promise<void> =>
    records.write(async (transaction) => {
      const within = records.within(transaction);
      const { connection: number } = finding;
      const [connection] = await within.findBy('sn_sb_connection', { connection_id: number }, { limit: 1, forUpdate: true });
      if (!connection && looked.includes(number)) return;
      await within.insert(systemCaller, 'sn_sb_error', {
        ...valuesOf(finding),
        finding: issueKey(finding),
        known_error: knownError,
        connection: connection?.sys_id ?? '',
        last_seen: wireMoment(clock.now()),
      });
    });

  const raiseOne = async (finding: Finding, known: ReadonlyMap<string, string>, looked: readonly string[]): Promise<void> => {
    const before = await issueOf(issueKey(finding));
    if (!before) return open(finding, known.get(finding.code) ?? '', looked);
    const isOld = (before.last_seen ?? '') < wireMoment(clock.now() - countEveryMs);
    if (before.state === 'open' && !isOld) return;
    await records.update(systemCaller, 'sn_sb_error', before.sys_id ?? '', {
      ...valuesOf(finding),
      state: 'open',
      closed_at: '',
      last_seen: wireMoment(clock.now()),
      count: String(Number(before.count || 0) + 1),
    });
  };

  return {
    async raise(findings, looked) {
      if (findings.length === 0) return;
      const known = await knownErrors();
      for (const finding of findings) {
        await raiseOne(finding, known, looked).catch((error: unknown) => {
          // Another process has raised it at the same moment.
          if (!isFault(error, 'store.duplicate') && !isFault(error, 'records.duplicate')) throw error;
        });
      }
    },
    async close(present, blindCodes) {
      const keys = new Set(present.map(issueKey));
      const codes = new Map((await records.find('sn_sb_known_error_code', '')).map((row) => [row.sys_id, row.code ?? '']));
      for (const issue of await records.find('sn_sb_error', 'state=open^findingISNOTEMPTY')) {
        if (keys.has(issue.finding ?? '') || blindCodes.has(codes.get(issue.known_error) ?? '')) continue;
        await records.update(systemCaller, 'sn_sb_error', issue.sys_id ?? '', {
          state: 'closed',
          closed_at: wireMoment(clock.now()),
        });
      }
    },
  };
};
