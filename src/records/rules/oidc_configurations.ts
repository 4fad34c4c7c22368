// A provider configuration must name a real column of sys_user, or no token would ever find its user; and a provider that somebody who is
// no admin registered vouches for no admin.

import { hasRole } from '../caller.ts';
import { fieldTypeOf } from '../field_types/index.ts';
import type { Rule } from '../records.ts';
import { valueRefused } from '../refusals.ts';

/** Whoever sets one of these decides whose tokens are believed. */
const decisive = [
  'oidc_url',
  'user_claim',
  'user_field',
  'enable_jti_verification',
  'jti_claim',
  'client_id',
  'oidc_provider_configuration',
  'active',
] as const;

/** What comes in tokens never has blanks around it; what is pasted into a form often has, and nobody sees them. */
const compared = ['client_id', 'oidc_url', 'user_claim', 'user_field', 'jti_claim', 'claim_name', 'oauth_entity_scope'] as const;

export const oidcConfigurationRules: readonly Rule[] = [
  {
    name: 'blanks around what tokens are compared with',
    tables: ['oidc_provider_configuration', 'oauth_oidc_entity', 'oidc_claim_validation', 'oauth_entity_scope'],
    async prepare({ values }) {
      for (const element of compared) {
        const text = values[element];
        if (typeof text === 'string') values[element] = text.trim();
      }
    },
  },
  {
    name: 'clock skew of whose tokens are taken',
    tables: ['oauth_oidc_entity', 'oauth_jwt'],
    async check(_transaction, { operation, values }) {
      const seconds = Number(values.clock_skew || 0);
      if (operation !== 'delete' && (seconds < 0 || seconds > 3_600))
        throw valueRefused('Clock Skew', 'It is counted in seconds, from 0 to 3600');
    },
  },
  {
    name: 'who may vouch for admins',
    tables: ['oidc_provider_configuration', 'oauth_oidc_entity'],
    async check(_transaction, { operation, before, values, caller }) {
      if (operation === 'delete' || hasRole(caller)) return;
      if (operation === 'insert' || decisive.some((element) => values[element] !== before[element])) values.bars_admins = 'true';
    },
  },
  {
    name: 'cache life of a provider configuration',
    tables: ['oidc_provider_configuration'],
    async check(_transaction, { operation, values }) {
      if (operation === 'delete') return;
      const minutes = Number(values.oidc_config_cache_life_span || 120);
      if (minutes < 1 || minutes > 43_200)
        throw valueRefused('OIDC Configuration Cache Life Span', 'It is counted in minutes, from 1 to 43200');
      values.oidc_config_cache_life_span = String(minutes);
      if (values.jti_claim === '') values.jti_claim = 'jti';
    },
  },
  {
    name: 'user field of a provider configuration',
    tables: ['oidc_provider_configuration'],
    async check(transaction, { operation, values }) {
      const element = values.user_field;
      if (operation === 'delete' || !element) return;
      const { dialect } = transaction;
      const n = dialect.name;
      const [row] = await transaction.read(
        `SELECT ${n('element')}, ${n('internal_type')} FROM ${n('sys_dictionary')} WHERE ${n('name')} = 'sys_user' AND ${n('active')} = 1` +
          ` AND ${dialect.comparable(n('element'), 'text_nocase')} = ${dialect.comparableParameter(dialect.parameter(1), 'text_nocase')}`,
        [element],
      );
      const type = fieldTypeOf(String(row?.[1] ?? ''));
      if (!row || type.secret || !type.columnType)
        throw valueRefused('User Field', 'It is no column of sys_user by which a user can be found');
      values.user_field = String(row[0]);
    },
  },
];
