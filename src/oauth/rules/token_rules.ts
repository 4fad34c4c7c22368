// Tokens and what decides about them, when someone edits their rows: a credential can be ended, never lengthened or made; every process
// hears of it. Must not bump the topic for a renewal, which happens at every grant, nor for the mark of a use.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault } from '../../kit/fault.ts';
import type { Rule } from '../../records/records.ts';
import { universalScopeSysId } from '../properties.ts';
import { oauthTopic, revokedValues } from '../revoke_tokens.ts';

/** Everything that the caches of this room are made from, beside credentials and the registry itself. */
const sources = [
  'oauth_entity_scope',
  'oauth_entity_auth_scope_mapping',
  'sys_auth_scope',
  'sys_api_access_scope',
  'sys_api_access_policy',
  'sys_auth_profile_mapping',
  'inbound_auth_profile',
  'std_http_auth',
  'auth_policy_mapping',
  'jwt_keystore_aliases',
  'api_key',
];

export const makeTokenRules = ({ clock }: { clock: Clock }): readonly Rule[] => [
  {
    name: 'oauth: credentials',
    tables: ['oauth_credential'],
    async check(_transaction, { operation, before, values, caller }) {
      if (caller.isSystem || operation === 'delete') return;
      if (operation === 'insert') {
        throw new Fault('bad_request', 'oauth.credential_made_by_hand', 'Tokens are issued by the token endpoint only');
      }
      if (values.expires === before.expires) return;
      if ((values.expires ?? '') > (before.expires ?? '')) {
        throw new Fault('bad_request', 'oauth.credential_lengthened', 'The life of a token cannot be lengthened');
      }
      if ((values.expires ?? '') > wireMoment(clock.now())) return;
      const ended = revokedValues(before, clock);
      for (const [element, value] of Object.entries(ended)) values[element] = value ?? '';
    },
    async applied(transaction, { operation, before, after }) {
      if (operation === 'insert') return;
      const isShorter = operation === 'delete' || after.state !== before.state || (after.expires ?? '') < (before.expires ?? '');
      if (isShorter) await transaction.bump(oauthTopic);
    },
  },
  {
    name: 'oauth: scopes and policies',
    tables: sources,
    async applied(transaction, { operation, changed }) {
      const isMarkOnly =
        operation === 'update' && changed.every((element) => element === 'last_used' || element.startsWith('sys_'));
      if (!isMarkOnly) await transaction.bump(oauthTopic);
    },
  },
  {
    name: 'oauth: the scope that opens everything',
    tables: ['sys_auth_scope'],
    async check(_transaction, { operation, before, values }) {
      // The original lets it be deleted, and every token stops working.
      if (before.sys_id !== universalScopeSysId || (operation === 'update' && values.name === before.name)) return;
      throw new Fault('bad_request', 'oauth.universal_scope_protected', 'This auth scope cannot be renamed or deleted');
    },
  },
];
