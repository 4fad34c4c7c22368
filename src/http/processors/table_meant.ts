// Which table `<name>.do` and `<name>_list.do` are about. It must not take the ending off a table that is called so.
import type { Records } from '../../records/records.ts';
import type { Asked } from '../api.ts';

export const tableNamed = ({ dictionary }: Pick<Records, 'dictionary'>, name: string): string =>
  dictionary().table(name) ? name : name.replace(/_list$/, '');

export const tableMeant = (records: Pick<Records, 'dictionary'>, { segments }: Pick<Asked, 'segments'>): string =>
  tableNamed(records, segments.get('table') ?? '');
