// The page itself. States are words and shapes, never a colour alone. Must never put anything into the page that has not gone through
// `escapeHtml`. Pure.
import type { ConnectionReport, DirectionReport } from '../../exchange/admin/report.ts';
import type { IdentityReport } from '../../exchange/incarnation/succession.ts';
import { wireMoment } from '../../kit/clock.ts';
import { escapeHtml as e, makeFrame } from '../../oauth/pages/frame.ts';

export interface ShownIssue {
  readonly sysId: string;
  readonly number: string;
  /** sys_id. */
  readonly connection: string;
  readonly code: string;
  readonly title: string;
  readonly severity: string;
  readonly error: string;
  /** Lines. */
  readonly cause: string;
  /** What helps in words, then commands, line by line. */
  readonly solution: string;
  readonly since: string;
  readonly lastSeen: string;
  readonly count: number;
}

const frame = makeFrame(`main{max-width:64rem;margin:0 auto;padding:1.5rem}
h2{font-size:1.25rem;margin:0 0 .5rem;overflow-wrap:anywhere}
h3{font-size:1.05rem;margin:1.25rem 0 .5rem}
section{border:1px solid var(--line);border-radius:.4rem;padding:1rem;margin:1.25rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0 0 1rem}
dt{font-weight:600}
dd{margin:0;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;table-layout:fixed}
thead td{width:12rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
th small{font-weight:400}
.up{color:var(--good)}.slow{color:var(--odd)}.down{color:var(--bad)}
.state{font-weight:700}
ol{padding:0;list-style:none}
.notice{border:.2rem solid var(--bad)}
li{border-left:.3rem solid var(--odd);padding:.25rem 0 .25rem .9rem;margin:.75rem 0}
li.critical,li.error{border-color:var(--bad)}
li p{margin:.25rem 0;overflow-wrap:anywhere}
@media (max-width:40rem){main{padding:1rem}section{padding:.75rem}dl{display:block}dd{margin:0 0 .4rem}table{font-size:.9rem}thead td{width:6.2rem}th,td{padding:.4rem .3rem}}`);

export const pageHeaders: Readonly<Record<string, string>> = frame.headers("'none'");

const ranks = ['critical', 'error', 'warning', 'info'];
const rankOf = ({ severity }: ShownIssue): number => (ranks.includes(severity) ? ranks.indexOf(severity) : ranks.length);

const shapes: ReadonlyMap<string, readonly [mark: string, kind: string]> = new Map([
  ['Up', ['▲', 'up']],
  ['Slow', ['◆', 'slow']],
  ['Down', ['▼', 'down']],
  ['Error', ['▼', 'down']],
]);

const stateCell = ({ status }: DirectionReport): string => {
  const [mark, kind] = shapes.get(status) ?? ['○', ''];
  return `<td class="state ${kind}"><span aria-hidden="true">${mark}</span> ${e(status)}</td>`;
};

const cell = (text: string): string => `<td>${text === '' ? '—' : e(text)}</td>`;

const joined = (words: readonly string[], between: string): string => words.filter((word) => word !== '').join(between);

const directionTable = ({ connection_id, outbound, inbound, waiting }: ConnectionReport): string => {
  const row = (name: string, say: (direction: DirectionReport) => string): string =>
    `<tr><th scope="row">${name}</th>${say(outbound)}${say(inbound)}</tr>`;
  const waits = waiting === 0 ? 'nothing' : `${waiting} ${waiting === 1 ? 'message' : 'messages'}`;
  return `<table aria-label="Directions of ${e(connection_id)}">
<thead><tr><td></td><th scope="col">Outbound <small>here to the peer</small></th><th scope="col">Inbound <small>the peer to here</small></th></tr></thead>
<tbody>
${row('Status', stateCell)}
${row('Reason', ({ reason, detail }) => cell(joined([reason, detail], '. ')))}
${row('Since', ({ since }) => cell(since && `${since.slice(0, 16)} UTC`))}
${row('Waiting', (direction) => cell(direction === outbound ? waits : ''))}
${row('Remote Process Sync', ({ rps_state }) => cell(rps_state))}
${row('Credential', ({ auth_state, auth_reason }) => cell(joined([auth_state, auth_reason], ': ')))}
</tbody>
</table>`;
};

const isCommand = (line: string): boolean => line.startsWith('causeway ');

const issueItem = (issue: ShownIssue): string => {
  const lines = issue.solution.split('\n').filter((line) => line !== '');
  const words = lines.filter((line) => !isCommand(line)).map((line) => `<p>${e(line)}</p>`);
  const commands = lines.filter(isCommand);
  const seen = `${issue.count === 1 ? 'once' : `${issue.count} times`}, last ${e(issue.lastSeen)} UTC`;
  return `<li class="${ranks.includes(issue.severity) ? issue.severity : ''}">
<p><strong>${e(issue.severity)} ${e(issue.code)}</strong> ${e(issue.title)}</p>
<p>${e(issue.error)}</p>
${issue.cause === '' ? '' : `<pre>${e(issue.cause)}</pre>`}
${words.join('\n')}
${commands.length === 0 ? '' : `<pre>${e(commands.join('\n'))}</pre>`}
<p><small><a href="/api/now/table/sn_sb_error/${e(issue.sysId)}">${e(issue.number)}</a>, since ${e(issue.since)} UTC, seen ${seen}</small></p>
</li>`;
};

const issueList = (issues: readonly ShownIssue[], isAllWell: boolean): string =>
  issues.length === 0
    ? isAllWell
      ? '<p>The scheduled checks have found nothing.</p>'
      : '<p>The scheduled checks have not found why yet. To ask now:</p>\n<pre>causeway doctor</pre>'
    : `<ol>\n${issues
        .toSorted((a, b) => rankOf(a) - rankOf(b))
        .map(issueItem)
        .join('\n')}\n</ol>`;

const facts = (report: ConnectionReport): string => {
  const isWeb = /^https?:\/\//.test(report.peer_url);
  const peer = isWeb ? `<a href="${e(report.peer_url)}" rel="noreferrer">${e(report.peer_url)}</a>` : e(report.peer_url);
  const rows: [string, string][] = [
    ['Peer', peer],
    ['This side is', e(report.role)],
    ['State', e(report.state)],
    ...(report.step_error === '' ? [] : [['Registration', e(`${report.step}: ${report.step_error}`)] as [string, string]]),
    ['Authentication', e(report.auth_method)],
    ['Version of the peer', e(report.version || '—')],
    ['Round trip', report.round_trip_ms === null ? '—' : `${report.round_trip_ms} ms`],
    ['Last heartbeat answered', report.last_heartbeat === '' ? '—' : `${e(report.last_heartbeat)} UTC`],
  ];
  return `<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`;
};

const isWell = ({ outbound, inbound }: ConnectionReport): boolean => outbound.status === 'Up' && inbound.status === 'Up';

const connectionSection = (report: ConnectionReport, issues: readonly ShownIssue[]): string => {
  const id = `c-${report.sys_id}`;
  return `<section aria-labelledby="${e(id)}">
<h2 id="${e(id)}">${e(report.connection_id)} ${e(report.name)}</h2>
${facts(report)}
${directionTable(report)}
<h3>What doctor found</h3>
${issueList(issues, isWell(report))}
</section>`;
};

const summaryOf = (connections: readonly ConnectionReport[], issues: readonly ShownIssue[]): string => {
  const ill = connections.filter((each) => !isWell(each)).length;
  const count = `${connections.length} ${connections.length === 1 ? 'connection' : 'connections'}`;
  const found = `${issues.length} open ${issues.length === 1 ? 'finding' : 'findings'}`;
  return ill === 0 ? `${count}, all Up in both directions; ${found}.` : `${count}, ${ill} not Up in both directions; ${found}.`;
};

/** Before everything else: nothing below moves until somebody has decided. */
const quarantineNotice = ({ quarantined, detail, commands, incarnation }: IdentityReport): string =>
  commands.length === 0
    ? ''
    : `<section class="notice" aria-labelledby="quarantine">
<h2 id="quarantine">${quarantined ? 'This instance is quarantined' : 'A peer has heard of another one of this instance'}</h2>
<p>${e(detail)}. It is incarnation ${e(incarnation)}; ${quarantined ? 'nothing is sent or taken' : 'nothing moves on that connection'} until somebody decides: adopt where this is the successor, detach where it is a copy.</p>
<pre>${e(commands.join('\n'))}</pre>
</section>`;

const nothingYet = `<p>There is no connection yet. A provider invites a consumer:</p>
<pre>causeway exchange invite --company NAME --peer URL</pre>`;

export const renderStatusPage = (given: {
  connections: readonly ConnectionReport[];
  issues: readonly ShownIssue[];
  identity: IdentityReport;
  now: number;
}): string => {
  const { connections, issues, identity, now } = given;
  const known = new Set(connections.map((report) => report.sys_id));
  const elsewhere = issues.filter(({ connection }) => !known.has(connection));
  // Where something is wrong comes first: nobody looks for it among many.
  const sections = connections
    .toSorted((a, b) => Number(isWell(a)) - Number(isWell(b)))
    .map((report) =>
      connectionSection(
        report,
        issues.filter(({ connection }) => connection === report.sys_id),
      ),
    );
  return frame.render({
    title: 'Service Exchange status',
    heading: 'Service Exchange',
    main: `<p>${connections.length === 0 ? 'No connections.' : e(summaryOf(connections, issues))} As of ${wireMoment(now)} UTC.</p>
${quarantineNotice(identity)}
${connections.length === 0 ? nothingYet : sections.join('\n')}
${elsewhere.length === 0 ? '' : `<section aria-labelledby="elsewhere"><h2 id="elsewhere">Found elsewhere</h2>${issueList(elsewhere, true)}</section>`}`,
  });
};
