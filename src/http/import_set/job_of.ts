// What a request for an import asks for, and whether its caller may. It must not begin anything.
import { formatNamed, formatOf } from '../../imports/formats/index.ts';
import type { NewJob } from '../../imports/jobs/import_jobs.ts';
import { Fault } from '../../kit/fault.ts';
import { type Caller, hasRole } from '../../records/caller.ts';
import type { Asked } from '../api.ts';
import type { ImportParts } from './import_set_api.ts';

export const requireImporter = ({ caller }: { caller: Caller }): void => {
  if (!hasRole(caller, 'import_admin', 'import_transformer'))
    throw new Fault('forbidden', 'imports.not_an_importer', 'User Not Authorized', {
      explanation: 'Imports take the role import_transformer or import_admin',
    });
};

export const isTrue = (text: string | undefined): boolean => (text ?? '').toLowerCase() === 'true';

export const wrongImport = (explanation: string): Fault =>
  new Fault('bad_request', 'imports.bad_request', 'The import cannot begin', { explanation });

export const placeOf = (name: string, text: string | undefined): number => {
  if (!text) return 1;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw wrongImport(`${name} is a number from 1`);
};

/** A place, or a name. */
export const sheetOf = (text: string | undefined): number | string =>
  !text ? 1 : /^\d{1,6}$/.test(text) ? placeOf('sheet', text) : text;

export const mapIn = async ({ records }: ImportParts, table: string, name: string): Promise<string> => {
  if (name === '') return '';
  const maps = await records.findBy('sys_transform_map', { source_table: table }, { limit: 200 });
  const found =
    maps.find((map) => map.sys_id === name) ?? maps.find((map) => map.name?.toLowerCase() === name.trim().toLowerCase());
  if (!found?.sys_id) throw wrongImport(`There is no transform map ${name.slice(0, 100)} from ${table.slice(0, 80)}`);
  return found.sys_id;
};

/** What the parameters of a request ask for. Making a table takes import_admin. */
export const jobOf = async (parts: ImportParts, asked: Asked, file: { name: string; mediaType: string }): Promise<NewJob> => {
  const { parameters, caller } = asked;
  const table = parameters.get('table') ?? parameters.get('sysparm_import_set_tablename') ?? '';
  if (table === '') throw wrongImport('The parameter table names the staging table');
  const known = parts.records.dictionary().table(table);
  const isDryRun = isTrue(parameters.get('dry_run'));
  if (!known && !isDryRun && !hasRole(caller, 'import_admin'))
    throw wrongImport(`There is no table ${table.slice(0, 80)}, and making one takes the role import_admin`);
  const named = parameters.get('format') ?? '';
  const format = named === '' ? formatOf(file.name, file.mediaType) : formatNamed(named);
  if (!format) throw wrongImport('The format is one of CSV, JSON, XML and Excel; it is told by the file name or by format=');
  const transforms = parameters.get('transform') ?? parameters.get('sysparm_transform_after_load') ?? 'true';
  const isTabbed = /\.tsv$/i.test(file.name);
  return {
    name: file.name || `${format.name} into ${table}`,
    table,
    label: parameters.get('label') ?? '',
    format: format.name,
    read: {
      delimiter: parameters.get('delimiter') || (isTabbed ? '\t' : ','),
      encoding: parameters.get('encoding') ?? '',
      headerRow: placeOf('header_row', parameters.get('header_row')),
      sheet: sheetOf(parameters.get('sheet')),
      path: parameters.get('path') ?? '',
    },
    map: await mapIn(parts, table, parameters.get('map') ?? ''),
    transform: isTrue(transforms),
    isDryRun,
    dataSource: '',
  };
};
