// The fields of a view: what `sysparm_view` asks for where `sysparm_fields` does not say. Read as rows each time: few clients ask.
// It must not decide what may be read: names go the way of those that a caller writes.
import type { Table } from '../../records/dictionary.ts';
import type { Records, Row } from '../../records/records.ts';
import type { Asked } from '../api.ts';

type Kind = 'list' | 'form';
type Reader = Pick<Records, 'findBy' | 'dictionary'>;

const mostElements = 500;

const inOrder = (rows: readonly Row[]): readonly Row[] => rows.toSorted((a, b) => Number(a.position) - Number(b.position));

/** Formatters and the marks between columns begin with a dot or hold no field's name: reading leaves them out. */
const elementsOf = async (records: Reader, table: string, owner: string, sysId: string): Promise<string[]> =>
  inOrder(await records.findBy(table, { [owner]: sysId }, { limit: mostElements })).map(({ element = '' }) => element);

const listFields = async (records: Reader, view: string, name: string): Promise<string[]> => {
  const [list] = await records.findBy('sys_ui_list', { view, name }, { limit: 1 });
  return list ? elementsOf(records, 'sys_ui_list_element', 'list_id', list.sys_id ?? '') : [];
};

const formFields = async (records: Reader, view: string, name: string): Promise<string[]> => {
  const sections = inOrder(await records.findBy('sys_ui_section', { view, name }, { limit: mostElements }));
  const found: string[] = [];
  for (const { sys_id: sysId = '' } of sections)
    found.push(...(await elementsOf(records, 'sys_ui_element', 'sys_ui_section', sysId)));
  return found;
};

const readers = { list: [listFields, formFields], form: [formFields, listFields] } as const;

/**
 * The sys_id and the fields of the view, in its order; a table without the view has its parent's, and a list without one the form's,
 * as the other way about. Undefined where there is no such view: the caller gets all that he may read.
 */
const viewFields = async (
  records: Reader,
  { table: tableName, view: viewName, kind }: { table: string; view: string; kind: Kind },
): Promise<readonly string[] | undefined> => {
  const [view] = await records.findBy('sys_ui_view', { name: viewName.trim() }, { limit: 1 });
  if (!view) return undefined;
  for (let table: Table | undefined = records.dictionary().table(tableName); table; table = table.parent) {
    for (const read of readers[kind]) {
      const fields = await read(records, view.sys_id ?? '', table.name);
      if (fields.length > 0) return [...new Set(['sys_id', ...fields])];
    }
  }
  return undefined;
};

/** What is asked of the records, with the fields of the view where one is named and no fields are. */
export const withView = async <T extends { fields?: readonly string[] | undefined }>(
  records: Reader,
  { parameters }: Pick<Asked, 'parameters'>,
  { table, kind }: { table: string; kind: Kind },
  request: T,
): Promise<T> => {
  const view = parameters.get('sysparm_view');
  if (view === undefined || request.fields) return request;
  return { ...request, fields: await viewFields(records, { table, view, kind }) };
};
