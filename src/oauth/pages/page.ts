// The frame of every page that a person sees during a sign-in: plain HTML, no script, one style sheet named by its hash.
// Must never put anything into a page that has not gone through `escapeHtml`.
import { createHash } from 'node:crypto';
import type { Answer } from '../answer.ts';
import { uncached } from '../answer.ts';
import { ownCodePage } from '../redirect_uri.ts';

const style = `:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{max-width:26rem;margin:8vh auto;padding:1.5rem}
h1{font-size:1.4rem;line-height:1.25}
label{display:block;margin:1rem 0 .25rem;font-weight:600}
input{width:100%;padding:.6rem;font:inherit;border:1px solid GrayText;border-radius:.3rem;background:Field;color:FieldText}
button{margin:1.25rem .75rem 0 0;padding:.6rem 1.4rem;font:inherit;border:2px solid ButtonBorder;border-radius:.3rem;cursor:pointer}
button.chief{font-weight:700}
:focus-visible{outline:3px solid Highlight;outline-offset:2px}
.alert{padding:.75rem;border:2px solid #b3261e;border-radius:.3rem}
.address{overflow-wrap:anywhere}`;
const styleHash = createHash('sha256').update(style).digest('base64');

const replacements: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Text that is safe between tags and inside quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => replacements.get(character) ?? character);

/**
 * Browsers hold the redirect that answers a form to the same rule as the form itself, so the client's address must be among the targets.
 * An IPv6 literal cannot be written as one.
 */
const formTargets = (redirectUri: string | undefined): string => {
  if (redirectUri === undefined || redirectUri === ownCodePage) return "'self'";
  const url = new URL(redirectUri);
  const isWeb = url.protocol === 'https:' || (url.protocol === 'http:' && !url.hostname.startsWith('['));
  return `'self' ${isWeb ? url.origin : url.protocol}`;
};

export interface PageOptions {
  status: number;
  title: string;
  /** HTML of the main part, already escaped. */
  main: string;
  /** Where a form on the page may end up. */
  redirectUri?: string;
  cookie?: string;
}

export const page = ({ status, title, main, redirectUri, cookie }: PageOptions): Answer => ({
  status,
  headers: {
    'content-type': 'text/html;charset=UTF-8',
    ...uncached,
    'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formTargets(redirectUri)}; frame-ancestors 'none'; base-uri 'none'`,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    ...(cookie === undefined ? {} : { 'set-cookie': cookie }),
  },
  body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${main}
</main>
</body>
</html>
`,
});
