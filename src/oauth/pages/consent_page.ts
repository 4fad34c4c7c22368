// The form that asks whether the client may have what it wants.
import type { Answer } from '../answer.ts';
import { ownCodePage } from '../redirect_uri.ts';
import { escapeHtml } from './frame.ts';
import { page } from './page.ts';

export interface ConsentPage {
  clientName: string;
  comments: string;
  displayName: string;
  userName: string;
  /** What the client would be able to do, a line each. */
  scopes: readonly { name: string; description: string }[];
  redirectUri: string;
  ticket: string;
}

const shownTarget = (redirectUri: string): string => {
  if (redirectUri === ownCodePage) return 'a page that shows a code to copy';
  const url = new URL(redirectUri);
  return url.host === '' ? url.protocol : url.origin;
};

export const consentPage = (given: ConsentPage): Answer =>
  page({
    status: 200,
    title: `Allow ${given.clientName}?`,
    redirectUri: given.redirectUri,
    main: `<p>You are signed in as <strong>${escapeHtml(given.displayName || given.userName)}</strong> (${escapeHtml(given.userName)}).</p>
${given.comments === '' ? '' : `<p>${escapeHtml(given.comments)}</p>`}
<p><strong>${escapeHtml(given.clientName)}</strong> wants to act in your name:</p>
<ul>
${given.scopes.map(({ name, description }) => `<li>${escapeHtml(name)}${description === '' ? '' : `: ${escapeHtml(description)}`}</li>`).join('\n')}
</ul>
<p>Afterwards you go to <span class="address">${escapeHtml(shownTarget(given.redirectUri))}</span>.</p>
<form method="post" action="/oauth_login.do">
<input type="hidden" name="ticket" value="${escapeHtml(given.ticket)}">
<button class="chief" type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form>`,
  });
