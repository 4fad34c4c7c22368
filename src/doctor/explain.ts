// What explains what: a symptom names the finding that causes it, on either side, so that nobody mends the symptom. Pure.
import type { Finding } from './check.ts';

/** Faults of an authentication take the connection down; the rest of the list follows from that. */
const causes = [
  'AUTH-01',
  'AUTH-03',
  'AUTH-04',
  'AUTH-07',
  'AUTH-10',
  'AUTH-12',
  'LINK-07',
  'LINK-08',
  'LINK-03',
  'ID-01',
  'ID-02',
];

/** By symptom: what may be behind it. */
const behind: ReadonlyMap<string, readonly string[]> = new Map([
  ['AUTH-08', ['AUTH-01', 'AUTH-03', 'AUTH-04', 'AUTH-05', 'AUTH-07', 'AUTH-10', 'AUTH-12']],
  ['LINK-01', [...causes, 'AUTH-08', 'AUTH-05']],
  ['LINK-02', [...causes, 'AUTH-08', 'AUTH-05']],
  ['LINK-03', ['AUTH-07']],
  ['QUEUE-01', [...causes, 'AUTH-08', 'QUEUE-04']],
  ['QUEUE-03', [...causes, 'AUTH-08', 'QUEUE-04']],
  ['QUEUE-04', ['QUEUE-02']],
]);

const bad = new Set(['critical', 'error']);
/** Somebody meant it, which is no error; it takes the connection down all the same. */
const meant = new Set(['paused', 'offboarded']);
const isCause = ({ severity, about }: Finding): boolean => bad.has(severity) || meant.has(about);

/** Where nothing explains a finding, its list stays empty: it is a cause itself. */
export const explain = (findings: readonly Finding[]): Finding[] =>
  findings.map((finding) => {
    const candidates = behind.get(finding.code) ?? [];
    const causedBy = candidates.filter((code) =>
      findings.some((each) => each.code === code && each.connection === finding.connection && isCause(each)),
    );
    return causedBy.length === 0 ? finding : { ...finding, causedBy };
  });
