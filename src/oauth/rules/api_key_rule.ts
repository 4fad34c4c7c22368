// REST API keys when they are saved: a key is made when none is given, and what stays is its hash. Must not keep the key, not even sealed.
import { Fault } from '../../kit/fault.ts';
import type { Ids } from '../../kit/ids.ts';
import { isSealed } from '../../kit/seal.ts';
import type { Rule } from '../../records/records.ts';
import { traceOf } from '../token_text.ts';

export const shortestKey = 20;

export const makeApiKeyRule = ({ ids, open }: { ids: Ids; open: (sealed: string) => string }): Rule => ({
  name: 'oauth: API keys',
  tables: ['api_key'],
  async check(_transaction, { operation, before, values }) {
    if (operation === 'delete') return;
    const isFresh = values.token !== '' && values.token !== before.token;
    if (!isFresh && operation === 'update') return;
    const stored = values.token ?? '';
    const key = stored === '' ? ids.randomToken(32) : isSealed(stored) ? open(stored) : stored;
    if (key.length < shortestKey) {
      throw new Fault('bad_request', 'oauth.api_key_short', 'Invalid REST API Key', {
        explanation: `A key has at least ${shortestKey} characters`,
      });
    }
    Object.assign(values, traceOf(key), { token: '' });
  },
});
