// Attachments as their API says them: every value is text, with the address of the file and the names behind the user names.
// It must not show a name that the caller could not have listed.
import { makeCell } from '../../records/present/cell.ts';
import type { Records, Selection } from '../../records/records.ts';
import type { Asked } from '../api.ts';
import { readAuthors } from '../table/shown_names.ts';
import { apiAddress } from '../table/table_address.ts';

export type Metadata = Readonly<Record<string, string>>;

/** Rows of sys_attachment → what is said of each. */
export const describeAttachments = async (records: Records, asked: Asked, selection: Selection): Promise<Metadata[]> => {
  const { caller } = asked;
  const linkBase = apiAddress(asked);
  const cells = selection.columns.map((column) =>
    makeCell(column, { dictionary: records.dictionary(), linkBase, timeZone: caller.timeZone }),
  );
  const rows = selection.rows.map((row) => new Map(cells.map((cell) => [cell.key, cell.value(row)])));
  const users = new Set(rows.flatMap((row) => [row.get('sys_created_by') ?? '', row.get('sys_updated_by') ?? '']));
  const names = await readAuthors(records, caller, users);
  const nameOf = (userName: string | undefined): string => names.get(userName ?? '') ?? userName ?? '';
  return rows.map((row) => ({
    ...Object.fromEntries(row),
    sys_tags: '',
    created_by_name: nameOf(row.get('sys_created_by')),
    updated_by_name: nameOf(row.get('sys_updated_by')),
    download_link: `${linkBase}/attachment/${row.get('sys_id') ?? ''}/file`,
  }));
};

export const describeAttachment = async (records: Records, asked: Asked, sysId: string): Promise<Metadata> => {
  const [found] = await describeAttachments(records, asked, await records.get(asked.caller, 'sys_attachment', sysId));
  return found ?? {};
};
