// What doctor hands out as JSON: one shape with a name, so that a script of today understands the doctor of tomorrow. Members may be added
// under this name, never changed or removed. docs/doctor.md describes it. Pure.
import type { Evidence, Finding, Severity } from './check.ts';
import type { Examination, Unlooked } from './examine.ts';
import type { FixReport } from './fix.ts';
import { byHandOf } from './menus.ts';

export const reportSchema = 'causeway.doctor.v1';
export const fixSchema = 'causeway.doctor.fix.v1';

/** healthy: nothing, or notes alone. blind: not one connection could be looked at. */
export type Verdict = 'healthy' | 'warning' | 'ill' | 'blind';

export interface ReportedEvidence extends Required<Evidence> {
  /** Where a browser or a script finds the record; '' where there is none. */
  readonly url: string;
}

export interface ReportedFinding extends Omit<Finding, 'evidence'> {
  readonly evidence: readonly ReportedEvidence[];
  /** `--fix` can mend it. */
  readonly fixable: boolean;
  /** The menu path of the original, and what to do there; '' where no single form mends it. */
  readonly byHand: string;
}

export interface Report {
  readonly schema: typeof reportSchema;
  readonly verdict: Verdict;
  /** Of `causeway doctor` with this report. */
  readonly exitCode: number;
  readonly checkedAt: string;
  readonly instances: Examination['instances'];
  readonly checks: readonly string[];
  readonly counts: Readonly<Record<Severity, number>>;
  readonly findings: readonly ReportedFinding[];
  readonly unseen: readonly Unlooked[];
}

const exitCodeOf: Readonly<Record<Verdict, number>> = { healthy: 0, blind: 1, ill: 3, warning: 4 };

const urlOf = (instance: string, { table, sysId }: Evidence): string =>
  URL.canParse(instance) && /^[0-9a-f]{32}$/.test(sysId) ? `${instance}/api/now/table/${table}/${sysId}` : '';

export const reportFinding = (finding: Finding): ReportedFinding => ({
  ...finding,
  evidence: finding.evidence.map((each) => ({ ...each, shown: each.shown ?? '', url: urlOf(finding.instance, each) })),
  fixable: finding.changes.length > 0,
  byHand: byHandOf(finding.changes),
});

const verdictOf = ({ findings, instances }: Examination): Verdict => {
  if (findings.some(({ severity }) => severity === 'critical' || severity === 'error')) return 'ill';
  if (instances.some(({ connections }) => connections === undefined)) return 'blind';
  return findings.some(({ severity }) => severity === 'warning') ? 'warning' : 'healthy';
};

export const makeReport = (examination: Examination, now: number): Report => {
  const { findings, unseen, instances, checks } = examination;
  const verdict = verdictOf(examination);
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    schema: reportSchema,
    verdict,
    exitCode: exitCodeOf[verdict],
    checkedAt: new Date(now).toISOString(),
    instances,
    checks,
    counts: { critical: count('critical'), error: count('error'), warning: count('warning'), info: count('info') },
    findings: findings.map(reportFinding),
    unseen,
  };
};

export interface FixDocument {
  readonly schema: typeof fixSchema;
  /** False for a dry run. */
  readonly applied: boolean;
  readonly asked: readonly string[];
  readonly findings: readonly ReportedFinding[];
  readonly reports: readonly { code: string; side: string; connection: string; about: string; outcome: string; detail: string }[];
  /** How it stands after the changes; null for a dry run. */
  readonly after: Report | null;
}

export const makeFixDocument = (given: {
  asked: readonly string[];
  findings: readonly Finding[];
  reports: readonly FixReport[];
  after: Report | null;
}): FixDocument => ({
  schema: fixSchema,
  applied: given.after !== null,
  asked: given.asked,
  findings: given.findings.map(reportFinding),
  reports: given.reports.map(({ finding: { code, side, connection, about }, outcome, detail }) => ({
    ...{ code, side, connection, about },
    outcome,
    detail,
  })),
  after: given.after,
});
