// What doctor found, for an administrator: the worst first, each with its record, its side, what stands there, and what mends it. Pure.
import { type Change, shownValue } from '../../doctor/check.ts';
import type { FixDocument, Report, ReportedFinding } from '../../doctor/report.ts';
import type { Screen } from '../command.ts';
import { describeUnseen } from './describe_unseen.ts';
import { type Layout, makeLayout } from './layout.ts';

export interface Telling {
  readonly screen: Screen | undefined;
  /** The options of this call that name the instances, without passwords, to be repeated in a command that is offered. */
  readonly again: string;
}

const sideWords = { here: 'this side', peer: 'the peer' } as const;

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const fixCommand = (codes: readonly string[], again: string): string =>
  `causeway doctor --fix ${[...new Set(codes)].join(',')} --yes${again}`;

/** Another command is told which of the two instances it is for. */
const commandOn = (command: string, { instance }: ReportedFinding): string =>
  URL.canParse(instance) ? `${command} --instance ${instance}` : command;

/** Fields of one record stand under its name, once. */
const describeEvidence = (finding: ReportedFinding, layout: Layout): string[] =>
  [
    ...Map.groupBy(finding.evidence, ({ table, sysId, record }) => `${table} "${record}"${sysId === '' ? '' : ` ${sysId}`}`),
  ].flatMap(([record, fields]) => [
    layout.row('record', record),
    ...fields.map(({ field, shown, value, expected }) =>
      layout.row('found', `${field} is ${shown || value || '(empty)'}${expected === '' ? '' : `; expected: ${expected}`}`),
    ),
    ...(fields[0]?.url ? [layout.row('link', fields[0].url)] : []),
  ]);

const headOf = (finding: ReportedFinding, layout: Layout): string[] => [
  layout.heading(finding.severity, finding.code, finding.title),
  layout.row('where', `${sideWords[finding.side]} ${finding.instance}, connection ${finding.connection}`),
  layout.row('what', finding.summary),
];

const describeFinding = (finding: ReportedFinding, layout: Layout): string => {
  // What only follows from another finding is told in short: it goes with its cause.
  if (finding.causedBy.length > 0)
    return [...headOf(finding, layout), layout.row('because', `of ${finding.causedBy.join(', ')}, and goes with it`)].join('\n');
  return [
    ...headOf(finding, layout),
    ...describeEvidence(finding, layout),
    ...(finding.fix === '' ? [] : [layout.row('fix', finding.fix)]),
    ...(finding.byHand === '' ? [] : [layout.row('by hand', finding.byHand)]),
    ...(finding.fixable ? [layout.row('repair', `causeway doctor --fix ${finding.code}`)] : []),
    ...finding.commands.map((command) => layout.row('command', commandOn(command, finding))),
    ...(finding.vendorCheck === '' ? [] : [layout.row('vendor', `scan check "${finding.vendorCheck}"`)]),
  ].join('\n');
};

const countsOf = ({ counts }: Report): string =>
  [
    `${counts.critical} critical`,
    plural(counts.error, 'error'),
    plural(counts.warning, 'warning'),
    plural(counts.info, 'note'),
  ].join(', ');

const connectionsOf = ({ instances }: Report): number => new Set(instances.flatMap(({ connections }) => connections ?? [])).size;

const describeInstances = ({ instances }: Report): string =>
  instances
    .map(({ side, instance, connections }) => {
      const none = side === 'peer' ? 'none of these connections' : 'no connections';
      const numbers = connections === undefined ? 'its connections cannot be seen' : connections.join(', ') || none;
      return `  ${sideWords[side].padEnd(9)}  ${instance}  ${numbers}`;
    })
    .join('\n');

const nextSteps = (report: Report, again: string): string[] => {
  const roots = report.findings.filter(({ fixable, causedBy }) => fixable && causedBy.length === 0);
  const [queue, causes] = [
    roots.filter(({ code }) => code.startsWith('QUEUE')),
    roots.filter(({ code }) => !code.startsWith('QUEUE')),
  ].map((findings) => findings.map(({ code }) => code)) as [string[], string[]];
  const steps = [causes, queue].filter((codes) => codes.length > 0).map((codes) => fixCommand(codes, again));
  if (steps.length === 0) return [];
  return [
    `What can be repaired from here (without --yes it is only shown):\n${steps.map((step, at) => `  ${at + 1}. ${step}`).join('\n')}`,
  ];
};

const verdictOf = (report: Report): string => {
  const blind = report.unseen.some(({ checks }) => checks.length > 0) ? ' as far as could be seen' : '';
  const seen = `${plural(report.checks.length, 'check')}, ${plural(connectionsOf(report), 'connection')}`;
  if (report.verdict === 'blind') return 'Nothing can be said: this account sees no connections.';
  return `Nothing is wrong${blind}: ${seen}.`;
};

export const describeReport = (report: Report, { screen, again }: Telling): string => {
  const layout = makeLayout(screen);
  const parts = [
    ...(report.instances.length > 1 || report.findings.length > 0 ? [describeInstances(report)] : []),
    ...report.findings.map((finding) => describeFinding(finding, layout)),
    ...describeUnseen(report.unseen, layout),
    report.findings.length === 0 ? verdictOf(report) : layout.strong(countsOf(report)),
    ...nextSteps(report, again),
  ];
  return `${parts.join('\n\n')}\n`;
};

const describeChange = (change: Change, isApplied: boolean): string => {
  if (change.kind === 'call') return `${isApplied ? 'asked to' : 'would'} ${change.words}`;
  const values = Object.keys(change.values).map((field) => `${field} = ${shownValue(change, field) || '(empty)'}`);
  const verb = change.kind === 'insert' ? ['would add to', 'added to'] : ['would change', 'changed'];
  return `${verb[isApplied ? 1 : 0]} ${change.table} "${change.record}": ${values.join(', ')}`;
};

const outcomes: ReadonlyMap<string, string> = new Map([
  ['gone', 'It is gone.'],
  ['remains', 'The change was made, and it is still there.'],
  ['by_hand', 'This takes a person.'],
]);

export const describeFix = (document: FixDocument, telling: Telling): string => {
  const layout = makeLayout(telling.screen);
  const { applied, asked, findings, reports } = document;
  if (findings.length === 0) return `Nothing to mend: ${asked.join(', ')} was not found.\n`;
  const shown = findings.map((finding, at) => {
    const report = reports[at];
    const isRefused = report?.outcome === 'refused';
    const changes = finding.changes.map((change) => layout.row('change', describeChange(change, applied && !isRefused)));
    const after = isRefused ? `It was refused: ${report.detail}` : (outcomes.get(report?.outcome ?? '') ?? '');
    const result = finding.changes.length === 0 ? 'This takes a person.' : after;
    return [
      describeFinding({ ...finding, causedBy: [] }, layout),
      ...changes,
      ...(result === '' ? [] : [layout.row('result', result)]),
    ].join('\n');
  });
  const left = document.after
    ? document.after.findings.length === 0
      ? 'Nothing is wrong any more.'
      : `Left: ${countsOf(document.after)}. Look again with: causeway doctor${telling.again}`
    : 'Nothing was changed; add --yes to do it.';
  return `${shown.join('\n\n')}\n\n${left}\n`;
};
