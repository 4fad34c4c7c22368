// GET /: whoever opens the instance in a browser is told what it is and where to go on. Says nothing that a stranger may not know.
import { escapeHtml as e, page } from '../oauth/pages/page.ts';
import { sent } from './oauth/sent.ts';
import type { OpenDoor } from './open_door.ts';

const main = (base: string): string => `
<p>A Causeway instance is running here and answers REST calls:</p>
<p><code class="address">curl -u <var>user</var> '${e(base)}/api/now/table/incident?sysparm_limit=1'</code></p>
<p>To look at in a browser, with your name and password:</p>
<ul>
<li><a href="/exchange_status.do">State of the Service Exchange</a>: connections, what waits, what to mend</li>
<li><a href="/api/now/doc/openapi">Every API of this instance</a>, as OpenAPI 3.1</li>
</ul>
<p>Open to everyone: <a href="/healthz">health</a>, <a href="/readyz">readiness</a>,
<a href="/.well-known/oauth-authorization-server">where tokens are had</a>.</p>`;

export const welcomePage: OpenDoor = {
  name: 'welcome',
  path: '/',
  methods: { GET: async ({ base }) => sent(page({ status: 200, title: 'Causeway', main: main(base) })) },
  bodyLimitBytes: 0,
};
