// The page of the exchange: who may see it, what it shows, and that nothing a peer says becomes part of the page itself.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { ConnectionReport } from '../../../src/exchange/admin/report.ts';
import type { IdentityReport } from '../../../src/exchange/incarnation/succession.ts';
import { pageHeaders, renderStatusPage, type ShownIssue } from '../../../src/http/exchange/render_status_page.ts';
import { engines } from '../../parts/engines.ts';
import { basic, type RunningInstance, runInstance } from '../../parts/running_instance.ts';

let running: RunningInstance;
const address = '/exchange_status.do';
const now = Date.parse('2026-11-21T12:00:00Z');

before(async () => {
  running = await runInstance(engines[0] as (typeof engines)[number], { demoData: 'false' });
});
after(() => running.stop());

const leg = (values: Partial<ConnectionReport['outbound']> = {}): ConnectionReport['outbound'] => ({
  ...{ status: 'Up', reason: '', detail: '', since: '2026-11-21 10:00:00', rps_state: 'active' },
  ...{ auth_state: 'valid', auth_reason: '', auth_since: '', text: 'Up' },
  ...values,
});
const report = (values: Partial<ConnectionReport> = {}): ConnectionReport => ({
  ...{
    connection_id: 'SBC0001001',
    sys_id: '1'.repeat(32),
    role: 'provider',
    name: 'Acme',
    peer_url: 'https://consumer.example',
  },
  ...{ channel: 'default', state: 'onboarded', auth_method: 'client_credentials', can_upgrade_auth: false, auth_change: null },
  ...{
    version: '2.4.17',
    step: '',
    step_error: '',
    resume_report: '',
    waiting: 0,
    round_trip_ms: 12,
    last_heartbeat: '2026-11-21 11:59:30',
  },
  outbound: leg(),
  inbound: leg(),
  ...values,
});
const issue = (values: Partial<ShownIssue> = {}): ShownIssue => ({
  ...{ sysId: '2'.repeat(32), number: 'SBERR0001001', connection: '1'.repeat(32), code: 'AUTH-02', severity: 'critical' },
  ...{ title: 'The OAuth Application User is set on the OAuth Provider record', error: 'It is on the wrong record' },
  ...{ cause: 'oauth_entity "Service Bridge Provider SBC0001001": user is sb_user.SBC0001001, expected (empty)' },
  ...{ solution: 'Clear it\ncausewaylike words\ncauseway doctor --fix AUTH-02 --yes' },
  ...{ since: '2026-11-21 11:00:00', lastSeen: '2026-11-21 11:59:00', count: 3 },
  ...values,
});

test('a stranger is asked who he is, and somebody without the role is told which one it takes', async () => {
  const stranger = await running.ask(address, { authorization: '' });
  assert.equal(stranger.status, 401);
  assert.match(stranger.headers.get('www-authenticate') ?? '', /basic/i);
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ user_name: 'nobody.much', user_password: 'nothing to see' });
  assert.equal((await running.ask('/api/now/table/sys_user', { body, headers: json })).status, 201);
  const refused = await running.ask(address, { authorization: basic('nobody.much', 'nothing to see') });
  assert.equal(refused.status, 403);
  assert.match(refused.text, /sn_sb\.read/);
});

test('without a connection it says how to make one; a browser may do nothing with it but show it', async () => {
  const said = await running.ask(address, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  assert.equal(said.status, 200, said.text);
  assert.equal(said.headers.get('content-type'), 'text/html;charset=UTF-8');
  assert.match(said.text, /causeway exchange invite/);
  assert.match(said.headers.get('cache-control') ?? '', /no-store/);
  assert.equal(said.headers.get('x-frame-options'), 'DENY');
  const policy = said.headers.get('content-security-policy') ?? '';
  const style = /<style>(.*)<\/style>/s.exec(said.text)?.[1] ?? '';
  assert.ok(style.length > 100);
  assert.ok(policy.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`));
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(said.text, /<script|<iframe|<img|style="|onclick/i);
  assert.equal((await running.ask(address, { method: 'POST', body: '' })).status, 405);
});

const fine: IdentityReport = {
  instance_id: 'f'.repeat(32),
  incarnation: '1.20',
  quarantined: false,
  reason: '',
  detail: '',
  connections: [],
  commands: [],
};

test('a quarantined instance says so before everything else, with the two ways out', () => {
  const commands = ['causeway exchange adopt --dry-run', 'causeway exchange detach --dry-run'];
  const identity = { ...fine, quarantined: true, reason: 'restored', detail: 'An <older> one was restored', commands };
  const page = renderStatusPage({ connections: [report({})], issues: [], identity, now });
  assert.match(
    page,
    /This instance is quarantined<\/h2>\n<p>An &lt;older&gt; one was restored\. It is incarnation 1\.20; nothing is sent/,
  );
  assert.match(page, /<pre>causeway exchange adopt --dry-run\ncauseway exchange detach --dry-run<\/pre>/);
  assert.ok(page.indexOf('quarantined') < page.indexOf('SBC'));
  assert.doesNotMatch(renderStatusPage({ connections: [], issues: [], identity: fine, now }), /quarantine/);
});

test('each direction has its status as a word, with reason, since when, and what waits; findings have their commands', () => {
  const page = renderStatusPage({
    connections: [
      report({
        waiting: 37,
        inbound: leg({ status: 'Down', reason: 'auth: user_not_bound', auth_state: 'refused', auth_reason: 'user_not_bound' }),
        outbound: leg({ status: 'Down', reason: 'return_leg' }),
      }),
      report({ connection_id: 'SBC0001002', sys_id: '3'.repeat(32) }),
    ],
    issues: [issue({ code: 'LINK-01', severity: 'error', sysId: '4'.repeat(32) }), issue()],
    identity: fine,
    now,
  });
  assert.match(page, /2 connections, 1 not Up in both directions; 2 open findings\. As of 2026-11-21 12:00:00 UTC/);
  assert.match(page, /Reason<\/th><td>return_leg<\/td><td>auth: user_not_bound<\/td>/);
  assert.match(page, /Status<\/th>(<td class="state down"><span aria-hidden="true">▼<\/span> Down<\/td>){2}/);
  assert.match(page, /Since<\/th><td>2026-11-21 10:00 UTC<\/td>/);
  assert.match(page, /<td>37 messages<\/td>/);
  assert.match(page, /<td>refused: user_not_bound<\/td>/);
  assert.match(page, /<pre>causeway doctor --fix AUTH-02 --yes<\/pre>/);
  assert.match(page, /<p>causewaylike words<\/p>/);
  assert.ok(page.indexOf('critical AUTH-02') < page.indexOf('error LINK-01'));
  assert.match(page, /href="\/api\/now\/table\/sn_sb_error\/2{32}"/);
  assert.match(page, /The scheduled checks have found nothing\./);
});

test('connections that are not Up come first', () => {
  const ill = report({ connection_id: 'SBC0001002', inbound: leg({ status: 'Down' }) });
  const page = renderStatusPage({ connections: [report(), ill], issues: [], identity: fine, now });
  assert.ok(page.indexOf('SBC0001002') < page.indexOf('SBC0001001'));
});

test('what a peer or a record says stays text', () => {
  const poison = `"><script>alert(1)</script>'&`;
  const page = renderStatusPage({
    connections: [
      report({
        name: poison,
        peer_url: `javascript:alert(1)//${poison}`,
        version: poison,
        step_error: poison,
        state: poison,
        outbound: leg({ status: poison, reason: poison, detail: poison, rps_state: poison, auth_reason: poison }),
      }),
    ],
    issues: [
      issue({
        error: poison,
        cause: poison,
        solution: `${poison}\ncauseway ${poison}`,
        severity: poison,
        code: poison,
        title: poison,
        number: poison,
      }),
    ],
    identity: fine,
    now,
  });
  assert.doesNotMatch(page, /<script|alert\(1\)<\/script|href="javascript:/);
  assert.equal(page.split('&lt;script&gt;').length > 12, true);
  assert.match(pageHeaders['content-security-policy'] ?? '', /form-action 'none'; frame-ancestors 'none'; base-uri 'none'/);
});
