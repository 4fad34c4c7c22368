// What doctor found, for people: code, side, evidence, fix. Pure.
import type { Finding } from '../../doctor/check.ts';
import type { Examination } from '../../doctor/examine.ts';
import type { FixReport } from '../../doctor/fix.ts';

const describeFinding = (finding: Finding): string => {
  const lines = [
    `${finding.code}  ${finding.severity.toUpperCase()}  ${finding.connection} at ${finding.side === 'here' ? 'this side' : 'the peer'} (${finding.instance})`,
    `  ${finding.summary}`,
    ...finding.evidence.map(
      (each) =>
        `  ${each.table} "${each.record}"${each.sysId === '' ? '' : ` (${each.sysId})`}: ${each.field} is ${each.value || '(empty)'}${each.expected === '' ? '' : `, expected ${each.expected}`}`,
    ),
    ...(finding.fix === '' ? [] : [`  Fix: ${finding.fix}${finding.changes.length > 0 ? `   (--fix ${finding.code})` : ''}`]),
  ];
  return lines.join('\n');
};

export const describeExamination = ({ findings, unseen, connections, checks }: Examination): string => {
  const parts = [
    findings.length === 0
      ? `Nothing is wrong: ${checks} checks, ${connections} connections.`
      : findings.map(describeFinding).join('\n\n'),
    ...(unseen.length === 0 ? [] : [`Not seen:\n${unseen.map((words) => `  ${words}`).join('\n')}`]),
  ];
  return `${parts.join('\n\n')}\n`;
};

export const describeFix = (given: {
  wanted: ReadonlySet<string>;
  findings: readonly Finding[];
  reports: readonly FixReport[];
  isApplied: boolean;
}): string => {
  const { wanted, findings, reports, isApplied } = given;
  if (findings.length === 0) return `Nothing to mend: ${[...wanted].join(', ')} was not found.\n`;
  const shown = findings.map((finding) => {
    const changes = finding.changes.map((change) => {
      const values = Object.entries(change.values).map(([field, value]) => `${field} = ${value || '(empty)'}`);
      return `  ${isApplied ? 'changed' : 'would change'} ${change.table} "${change.record}": ${values.join(', ')}`;
    });
    const report = reports.find((each) => each.finding === finding);
    const after = report ? [report.isGone ? '  It is gone.' : '  It is still there.'] : [];
    return [describeFinding(finding), ...(changes.length > 0 ? changes : ['  This takes a person.']), ...after].join('\n');
  });
  return `${shown.join('\n\n')}\n${isApplied ? '' : '\nNothing was changed; add --yes to do it.\n'}`;
};
