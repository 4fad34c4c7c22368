// Both sides must know the same kinds of messages, and each what the other is.
import { type Check, evidenceOf, type Found, isOnboarded } from '../check.ts';

const wordsOf = (text: string | undefined): Set<string> => new Set((text ?? '').split(',').filter((word) => word !== ''));

/** Client credentials need this on both sides. */
const floor = [2, 3, 10] as const;

const isBelowFloor = (version: string): boolean => {
  const parts = version.split('.').map(Number);
  for (const [at, least] of floor.entries()) if ((parts[at] ?? 0) !== least) return (parts[at] ?? 0) < least;
  return false;
};

export const link05: Check = {
  code: 'LINK-05',
  title: 'The two sides do not offer the same features, or not the version that they need',
  severity: 'warning',
  needs: ['sn_sb_service_bridge_settings', 'sn_sb_service_bridge_settings.provider_version'],
  vendorCheck: 'Settings synced with both versions',
  look({ facts, link }) {
    const { settings } = link;
    if (!isOnboarded(link)) return [];
    const table = 'sn_sb_service_bridge_settings';
    if (!settings) {
      if (facts.isPartial(table)) return [];
      return [
        {
          summary: 'The settings of the two sides were never exchanged',
          evidence: [evidenceOf('sn_sb_connection', link.row, 'state', 'with a row in sn_sb_service_bridge_settings')],
          fix: 'Let the two greet each other again',
          commands: [`causeway exchange retry ${link.number}`],
          about: 'missing',
        },
      ];
    }
    const row = { ...settings, name: link.number };
    const found: Found[] = [];
    for (const side of ['provider', 'consumer'] as const) {
      const version = settings[`${side}_version`] ?? '';
      if (!/^\d+\.\d+/.test(version) || !isBelowFloor(version)) continue;
      found.push({
        summary: `The ${side} has version ${version}; client credentials need ${floor.join('.')} on both sides`,
        evidence: [evidenceOf(table, row, `${side}_version`, `${floor.join('.')} or higher`)],
        fix: `Upgrade the ${side}`,
        about: `${side}_version`,
      });
    }
    const [provider, consumer] = [wordsOf(settings.provider_features), wordsOf(settings.consumer_features)];
    const differ = [...provider.symmetricDifference(consumer)];
    if (differ.length > 0 && provider.size > 0 && consumer.size > 0)
      found.push({
        summary: `Only one side offers ${differ.join(', ')}: it is not used between the two`,
        evidence: [evidenceOf(table, row, 'consumer_features', settings.provider_features ?? '')],
        fix: 'Bring both sides to the same version',
        about: 'features',
      });
    return found;
  },
};
