// What the two organisations of a registration are called: the other one as a company here, and this one as it presents itself.
import { systemCaller } from '../../records/caller.ts';
import type { Properties } from '../../records/properties.ts';
import type { Records } from '../../records/records.ts';

export interface CompanyNames {
  /** sys_id of the company of that name, made where there is none. */
  companyOf(name: string): Promise<string>;
  /** Under which this instance presents itself. */
  ownName(): Promise<string>;
}

export const makeCompanyNames = (parts: {
  records: Pick<Records, 'findBy' | 'insert'>;
  properties: Properties;
  ownUrl: () => string;
}): CompanyNames => ({
  async companyOf(name) {
    const [known] = await parts.records.findBy('core_company', { name }, { limit: 1 });
    return known?.sys_id ?? (await parts.records.insert(systemCaller, 'core_company', { name })).sysId;
  },
  ownName: async () => (await parts.properties.get('sn_sb.company')) || new URL(parts.ownUrl()).hostname,
});
