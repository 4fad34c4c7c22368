// Connections for people: one block each, both directions with their reasons. Pure.
import type { ConnectionReport, DirectionReport } from '../../exchange/admin/report.ts';
import type { OffboardPlan } from '../../exchange/offboard/offboard.ts';

const line = (name: string, direction: DirectionReport): string[] => [
  `  ${name.padEnd(9)} ${direction.text}`,
  ...(direction.detail === '' ? [] : [`            ${direction.detail}`]),
];

const describeChange = ({ kind, step, error, grace_until: until }: NonNullable<ConnectionReport['auth_change']>): string => {
  const words = step === 'grace' ? `done; the old credentials are kept until ${until} UTC` : step;
  return `  ${kind.padEnd(9)} ${words}${error && `: ${error}`}`;
};

const describe = (report: ConnectionReport): string => {
  const facts = [
    `RPS ${report.outbound.rps_state || '?'}/${report.inbound.rps_state || '?'}`,
    `credential ${report.outbound.auth_state || '?'}/${report.inbound.auth_state || '?'}`,
    report.round_trip_ms === null ? '' : `round trip ${report.round_trip_ms} ms`,
    report.version === '' ? '' : `peer version ${report.version}`,
    report.can_upgrade_auth ? 'legacy authentication: causeway exchange auth upgrade' : '',
  ].filter((fact) => fact !== '');
  return [
    `${report.connection_id}  ${report.name}  ${report.peer_url}  (${report.role}, ${report.state})`,
    ...line('outbound', report.outbound),
    ...line('inbound', report.inbound),
    ...(report.state === 'onboarded' ? [`  ${facts.join(', ')}`] : []),
    ...(report.auth_change ? [describeChange(report.auth_change)] : []),
    ...(report.step === '' ? [] : [`  step      ${report.step}`]),
    ...(report.step_error === '' ? [] : [`  error     ${report.step_error}`]),
    ...(report.resume_report === '' ? [] : [`  adoption  ${report.resume_report}`]),
  ].join('\n');
};

export const describeConnections = (reports: readonly ConnectionReport[]): string =>
  reports.length === 0 ? 'There are no connections.\n' : `${reports.map(describe).join('\n\n')}\n`;

/** Without a word about the peer. */
export const describeRemoval = (plan: Omit<OffboardPlan, 'peer_told'>): string => {
  const counted = (rows: Readonly<Record<string, number>>): string[] =>
    Object.entries(rows)
      .filter(([, count]) => count > 0)
      .map(([table, count]) => `  ${String(count).padStart(6)}  ${table}`);
  const kept = counted(plan.releases);
  const lines = [
    `${plan.connection_id}: ${plan.applied ? 'removed' : 'would remove'}`,
    ...counted(plan.removes),
    ...(kept.length > 0 ? [plan.applied ? 'kept, disconnected' : 'would keep, disconnected', ...kept] : []),
    `Undelivered messages: ${plan.undelivered}.`,
  ];
  return `${lines.join('\n')}\n`;
};

export const describeOffboarding = (plan: OffboardPlan): string => {
  const peer = plan.peer_told
    ? 'The peer knows.\n'
    : 'The peer could not be told: there the connection goes Down (auth: connection_unknown), and is to be offboarded as well.\n';
  return `${describeRemoval(plan)}${plan.applied ? peer : ''}`;
};
