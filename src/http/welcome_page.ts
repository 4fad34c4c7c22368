// GET /: whoever opens the instance in a browser is told what it is and where to go on. Says nothing that a stranger may not know.
import { uncached } from '../oauth/answer.ts';
import { escapeHtml as e, makeFrame } from '../oauth/pages/frame.ts';
import type { OpenDoor } from './open_door.ts';

const frame = makeFrame(`main{max-width:48rem;margin:clamp(0rem,8vh,6rem) auto;padding:1.5rem}
li{margin:.25rem 0}`);

const main = (base: string): string => `
<p>An instance is running here and answers REST calls:</p>
<pre>curl -u <var>user</var> '${e(base)}/api/now/table/incident?sysparm_limit=1'</pre>
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
  methods: {
    GET: async ({ base }) => ({
      status: 200,
      body: frame.render({ title: 'Causeway', main: main(base) }),
      contentType: 'text/html',
      headers: { ...uncached, ...frame.headers("'none'") },
    }),
  },
  bodyLimitBytes: 0,
};
