// Both sides must know the same kinds of messages.
import { type Check, evidenceOf, isOnboarded } from '../check.ts';

export const link05: Check = {
  code: 'LINK-05',
  title: 'The two sides do not offer the same features',
  severity: 'warning',
  needs: ['sn_sb_service_bridge_settings'],
  look({ link }) {
    const { settings } = link;
    if (!isOnboarded(link) || !settings) return [];
    const of = (name: string): Set<string> => new Set((settings[name] ?? '').split(',').filter((word) => word !== ''));
    const [provider, consumer] = [of('provider_features'), of('consumer_features')];
    const differ = [...provider.symmetricDifference(consumer)];
    if (differ.length === 0) return [];
    return [
      {
        summary: `Only one side offers ${differ.join(', ')}`,
        evidence: [evidenceOf('sn_sb_service_bridge_settings', settings, 'consumer_features', settings.provider_features ?? '')],
        fix: 'Bring both sides to the same version',
      },
    ];
  },
};
