// The form that asks who the person is.
import type { Answer } from '../answer.ts';
import { escapeHtml } from './frame.ts';
import { page } from './page.ts';

export interface SignInPage {
  clientName: string;
  ticket: string;
  redirectUri: string;
  userName?: string;
  /** Why the last try did not work, if there was one. */
  complaint?: string;
  cookie?: string;
}

export const signInPage = ({ clientName, ticket, redirectUri, userName = '', complaint, cookie }: SignInPage): Answer =>
  page({
    status: complaint === undefined ? 200 : 403,
    title: 'Sign in',
    redirectUri,
    cookie,
    main: `<p><strong>${escapeHtml(clientName)}</strong> asks for access in your name. Sign in first.</p>
${complaint === undefined ? '' : `<p class="alert" role="alert" id="complaint">${escapeHtml(complaint)}</p>`}
<form method="post" action="/oauth_login.do">
<input type="hidden" name="ticket" value="${escapeHtml(ticket)}">
<label for="user_name">User name</label>
<input id="user_name" name="user_name" value="${escapeHtml(userName)}" autocomplete="username" autocapitalize="none" spellcheck="false" required${userName === '' ? ' autofocus' : ''}>
<label for="user_password">Password</label>
<input id="user_password" name="user_password" type="password" autocomplete="current-password" required${complaint === undefined ? '' : ' aria-describedby="complaint"'}${userName === '' ? '' : ' autofocus'}>
<button class="chief" type="submit">Sign in</button>
</form>`,
  });
