// `causeway exchange definitions|publish|activate`: what is shared with other organisations, listed and set going.
import type { OfferReport } from '../../exchange/admin/offers.ts';

const revisions = ({ role, revision, active_revision }: OfferReport): string => {
  if (role === 'provider') return revision === 0 ? 'never published' : `revision ${revision}`;
  return `offered ${revision}, active ${active_revision === 0 ? 'none' : active_revision}`;
};

const connections = ({ role, connections: all }: OfferReport): string =>
  all
    .map(({ connection_id: id, status, active_revision }) =>
      role === 'provider' ? `${id} ${status}${active_revision > 0 ? ` with ${active_revision}` : ''}` : `from ${id}`,
    )
    .join(', ');

const pad = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) => `${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd()).join('\n');
};

export const describeOffers = (offers: readonly OfferReport[]): string => {
  if (offers.length === 0) return 'Nothing is shared with other organisations yet.\n';
  const said = (['provider', 'consumer'] as const).flatMap((role) => {
    const rows = offers.filter((offer) => offer.role === role);
    if (rows.length === 0) return [];
    const title = role === 'provider' ? 'Offered by this instance' : 'Offered to this instance';
    return [
      `${title}\n${pad(rows.map((offer) => [`  ${offer.name}`, offer.kind, offer.state, revisions(offer), connections(offer)]))}\n`,
    ];
  });
  return said.join('\n');
};

/** What publishing or activating would do, or did. */
export const describeGesture = (offer: OfferReport, isDryRun: boolean): string => {
  const { name, kind, role, state, revision, active_revision } = offer;
  if (!isDryRun) return describeOffers([offer]);
  if (role === 'provider')
    return state === 'published'
      ? `${name} (${kind}) is published already, revision ${revision}.\n`
      : `would publish ${name} (${kind}) as revision ${revision + 1}\n`;
  return state === 'published' && active_revision === revision
    ? `${name} (${kind}) is active already, revision ${revision}.\n`
    : `would activate revision ${revision} of ${name} (${kind})\n`;
};
