// The frame of every page that a person sees: plain HTML that every browser and screen reader takes, without a script, its one style sheet
// named by hash, its icon inside, so that nothing else is asked for. Must never put anything into a page that has not gone through `escapeHtml`.
import { createHash } from 'node:crypto';

const commonStyle = `:root{color-scheme:light dark;--chief:#0b57d0;--on-chief:#fff;--good:#0b6b3a;--bad:#b3261e;--odd:#8a5a00;--line:#8a8f98;--soft:color-mix(in srgb,CanvasText 8%,Canvas)}
@media (prefers-color-scheme:dark){:root{--chief:#a8c7fa;--on-chief:#062e6f;--good:#6fd39b;--bad:#ff9a92;--odd:#f0c066}}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0;overflow-wrap:anywhere}
a{color:var(--chief)}
pre,code{font:.9rem/1.45 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
pre{margin:.35rem 0;padding:.5rem .7rem;background:var(--soft);border-radius:.3rem}
:focus-visible{outline:3px solid var(--chief);outline-offset:2px}
@media print{main{max-width:none!important;margin:0!important}pre{border:1px solid var(--line)}li,tr{break-inside:avoid}}`;

// Two arches under a road.
const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b57d0"/><path d="M4 10h24v13h-4a4 4 0 0 0-6 0h-4a4 4 0 0 0-6 0H4z" fill="#fff"/></svg>',
)}`;

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

export interface Frame {
  /** `main` is HTML, already escaped; `heading` stands where the title does not say it well. */
  render(page: { title: string; heading?: string; main: string }): string;
  /** With which a browser shows the page and does nothing else; forms go to `formTargets`, as a Content-Security-Policy names them. */
  headers(formTargets: string): Record<string, string>;
}

/** `style` is what these pages have beside the common style. */
export const makeFrame = (style: string): Frame => {
  const whole = `${commonStyle}\n${style}`;
  const hash = createHash('sha256').update(whole).digest('base64');
  return {
    render: ({ title, heading = title, main }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${icon}">
<style>${whole}</style>
</head>
<body>
<main>
<h1>${escapeHtml(heading)}</h1>
${main}
</main>
</body>
</html>
`,
    headers: (formTargets) => ({
      'content-security-policy': `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; form-action ${formTargets}; frame-ancestors 'none'; base-uri 'none'`,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    }),
  };
};
