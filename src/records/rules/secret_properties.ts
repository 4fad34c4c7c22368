// Properties of type password: the value moves, sealed, into a column of its own, and a mask stands where everything else reads.
// Must not let a secret come back as text by a change of type.
import type { Sealer } from '../../kit/seal.ts';
import { secretMask } from '../field_types/secret.ts';
import { secretContext } from '../keep_secrets.ts';
import type { Rule } from '../records.ts';

export const sealedValueContext = secretContext({ table: 'sys_properties', element: 'sealed_value' });

/** Both are sealed alike: what a room reads of a property, it must be able to read back. */
export const secretPropertyTypes: ReadonlySet<string> = new Set(['password', 'password2']);

/** What was audited of a value before it became a secret. */
export const maskAudited = `UPDATE sys_audit SET oldvalue = CASE WHEN oldvalue IS NULL THEN NULL ELSE '${secretMask}' END,
  newvalue = CASE WHEN newvalue IS NULL THEN NULL ELSE '${secretMask}' END
  WHERE tablename = 'sys_properties' AND fieldname = 'value' AND documentkey = `;

const isSecret = ({ type = '' }: Readonly<Record<string, string>>): boolean => secretPropertyTypes.has(type);

export const secretPropertyRules = ({ sealer }: { sealer: Sealer }): readonly Rule[] => [
  {
    name: 'seal secret properties',
    tables: ['sys_properties'],
    async check(_transaction, { operation, before, values }) {
      if (operation === 'delete') return;
      const isMasked = isSecret(before) && values.value === secretMask;
      if (isSecret(values)) {
        if (isMasked) return;
        const text = values.value === secretMask ? '' : (values.value ?? '');
        values.sealed_value = text && sealer.seal(text, sealedValueContext);
        values.value = text && secretMask;
        return;
      }
      values.sealed_value = '';
      if (isMasked) values.value = '';
    },
    async applied(transaction, { operation, sysId, before, after }) {
      if (operation !== 'update' || isSecret(before) || !isSecret(after)) return;
      await transaction.run(maskAudited + transaction.dialect.parameter(1), [sysId]);
    },
  },
];
