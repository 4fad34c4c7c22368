// The peer cannot be reached at all: names, certificates, ways out. Away for a moment is a note: an instance may be restarted.
import { type Check, evidenceOf } from '../check.ts';
import { ageOf, patienceMs, spanOf } from '../outage.ts';

/** From the words of the network to what they mean, and what helps. */
const causes: readonly (readonly [RegExp, string, string])[] = [
  [
    /ENOTFOUND|EAI_AGAIN|ENODATA/,
    'its name is not known (DNS)',
    'Look at the DNS entry of the peer, and at the resolver of this machine',
  ],
  [/CERT_HAS_EXPIRED/, 'its certificate has expired (TLS)', 'The peer needs a new certificate'],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|SSL|TLS|EPROTO/,
    'its certificate is not good (TLS)',
    "Look at the peer's certificate and at NODE_EXTRA_CA_CERTS here",
  ],
  [
    /outbound_refused/,
    'this instance may not call that address',
    'The address is not a public one: see the outbound rules in docs/operating.md',
  ],
  [
    /outbound_timeout|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT/,
    'it does not answer in time',
    'Look at firewalls and the way out to the peer',
  ],
  [/ECONNREFUSED/, 'nobody listens there', 'Is the peer running, and is that its port?'],
  [/http_429|http_503/, 'it asks to wait', 'The peer is overloaded or being maintained; messages wait and go on by themselves'],
];

export const link03: Check = {
  code: 'LINK-03',
  title: 'The peer cannot be reached',
  severity: 'error',
  needs: ['sn_sb_connection', 'sn_transport_profile', 'sn_transport_profile.pause'],
  look({ facts, link }) {
    const { profile, row } = link;
    if (profile?.pause === 'admin')
      return [
        {
          severity: 'warning',
          summary: `Sending was paused by an administrator, ${spanOf(ageOf(profile.paused_at, facts))} ago`,
          evidence: [evidenceOf('sn_transport_profile', { ...profile, name: link.number }, 'pause', '(empty)')],
          fix: 'Resume when the reason is gone',
          changes: [
            {
              kind: 'call',
              path: '/api/sn_transport/queue/resume',
              body: { connection: row.sys_id ?? '' },
              words: `resume sending on ${link.number}`,
            },
          ],
          about: 'paused',
        },
      ];
    if (profile?.pause !== 'breaker' && profile?.pause !== 'unavailable') return [];
    // Whoever is taken for a copy is told so by ID-01.
    if (/incarnation|quarantine/.test(profile.pause_code ?? '')) return [];
    const words = `${profile.pause_code ?? ''} ${profile.pause_detail ?? ''}`.trim();
    const known = causes.find(([pattern]) => pattern.test(words));
    const age = ageOf(profile.paused_at, facts);
    return [
      {
        severity: age < patienceMs ? 'info' : 'error',
        summary: `Nothing gets through to ${row.peer_url} since ${spanOf(age)}${known ? `: ${known[1]}` : ''} (${words})`,
        evidence: [
          evidenceOf('sn_transport_profile', { ...profile, name: link.number }, 'pause', '(empty)'),
          evidenceOf('sn_sb_connection', row, 'peer_url', 'the address of the peer'),
        ],
        fix: known?.[2] ?? 'Look at DNS, certificate and the way out to the peer; messages wait and go on by themselves',
        about: 'unreachable',
      },
    ];
  },
};
