// Saving a provider configuration: refuses what can never work, then reads the metadata and writes down what it found or why not.
// A provider that cannot be reached does not refuse the save: it may come up later.
import { type Clock, wireMoment } from '../../kit/clock.ts';
import { Fault, isFault } from '../../kit/fault.ts';
import type { Outbound } from '../../kit/outbound.ts';
import type { Dictionary } from '../../records/dictionary.ts';
import type { Rule } from '../../records/records.ts';
import { fetchProvider } from '../id_token/discovery.ts';
import { isPlaceholder } from './placeholders.ts';

const refuse = (why: string): Fault =>
  new Fault('bad_request', 'identity.configuration_invalid', 'Invalid provider configuration', { explanation: why });

const isTrue = (text: string | null | undefined): boolean => text === 'true' || text === '1';

const refuseUseless = (
  next: Readonly<Record<string, string | null | undefined>>,
  outbound: Outbound,
  dictionary: Dictionary,
): void => {
  const [url, claim, field] = [next.oidc_url ?? '', next.user_claim ?? '', next.user_field ?? ''];
  if (isPlaceholder(url)) throw refuse('The metadata URL still holds a placeholder of the template');
  if (url === '') throw refuse('An active provider configuration needs a metadata URL');
  try {
    outbound.permit(url);
  } catch (error) {
    throw isFault(error) ? refuse(`The metadata URL is refused. ${error.message}`) : error;
  }
  if (claim.trim() === '' || isPlaceholder(claim)) throw refuse('An active provider configuration needs a user claim');
  const column = dictionary.table('sys_user')?.fields.get(field);
  if (!column || column.column === '' || column.type.startsWith('password')) {
    throw refuse(`The user field must be a column of sys_user, such as user_name or email; there is no ${field || 'empty one'}`);
  }
};

const discover = async (outbound: Outbound, url: string): Promise<{ state: string; message: string; issuer: string }> => {
  try {
    const provider = await fetchProvider(outbound, url);
    const names = provider.keys
      .map((key) => key.keyId ?? '(unnamed)')
      .slice(0, 10)
      .join(', ');
    if (provider.keys.length === 0)
      return { state: 'invalid', message: 'The key set holds no key that can be used', issuer: provider.issuer };
    return {
      state: 'reachable',
      message: `Issuer ${provider.issuer}, ${provider.keys.length} keys: ${names}`,
      issuer: provider.issuer,
    };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { state: error.code.startsWith('identity.') ? 'invalid' : 'unreachable', message: error.message, issuer: '' };
  }
};

export const makeConfigurationRule = (parts: { outbound: Outbound; clock: Clock; dictionary: () => Dictionary }): Rule => ({
  name: 'identity: provider configuration',
  tables: ['oidc_provider_configuration'],
  async prepare({ operation, before, values }) {
    const { outbound, clock, dictionary } = parts;
    // A new configuration is active unless it says otherwise, as the dictionary has it.
    const fresh: Record<string, string> = operation === 'insert' ? { active: 'true' } : {};
    const next: Record<string, string | null | undefined> = { ...fresh, ...before, ...values };
    if (!isTrue(next.active)) {
      if (values.oidc_url !== undefined && values.oidc_url !== before.oidc_url)
        Object.assign(values, { discovery_state: 'not_checked', discovered_issuer: null });
      return;
    }
    refuseUseless(next, outbound, dictionary());
    const found = await discover(outbound, next.oidc_url ?? '');
    const isSameUrl = next.oidc_url === before.oidc_url;
    Object.assign(values, {
      discovery_state: found.state,
      discovery_message: found.message.slice(0, 1_000),
      // What an unreachable provider said earlier still tells its tokens apart.
      discovered_issuer: found.issuer || (isSameUrl ? (before.discovered_issuer ?? '') : ''),
      discovered_at: wireMoment(clock.now()),
    });
  },
});
