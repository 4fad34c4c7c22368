// Shows a code to the person who will copy it into a command line. PKCE ties the code to that command line, so a code that somebody else
// planted here is worth nothing.
import type { Answer } from '../answer.ts';
import type { Parameters } from '../parameters.ts';
import { faultPage } from './fault_page.ts';
import { escapeHtml } from './frame.ts';
import { page } from './page.ts';

export const codePage = (answer: Parameters): Answer => {
  const code = answer.get('code') ?? '';
  if (!/^[A-Za-z0-9_-]{20,100}$/.test(code)) return faultPage(400, 'The sign-in was denied or did not come to its end.');
  return page({
    status: 200,
    title: 'Copy this code',
    main: `<p>Paste it into the command line that sent you here. It works once, for a few minutes.</p>
<label for="code">Code</label>
<input id="code" value="${escapeHtml(code)}" readonly autofocus>`,
  });
};
