// POST /data_sources/{sys_id}/load: the rows of a data source into its staging table, and through the maps unless told otherwise. A file
// is the newest that is attached to the data source, and is kept with the job: whatever is attached later is another load.
import { formatNamed, formatOf } from '../../imports/formats/index.ts';
import type { NewJob } from '../../imports/jobs/import_jobs.ts';
import { isFetched } from '../../imports/jobs/open_source.ts';
import type { Row } from '../../records/records.ts';
import type { Answer, Asked } from '../api.ts';
import type { ImportParts } from './import_set_api.ts';
import { isTrue, mapIn, requireImporter, wrongImport } from './job_of.ts';
import { sayJob } from './say_job.ts';

interface Named {
  readonly name: string;
  readonly type: string;
}

const isTabbed = 'CSV (tab)';

const formatIn = (source: Row, file: Named): string => {
  if (source.format === isTabbed) return 'CSV';
  const format = source.format ? formatNamed(source.format) : formatOf(file.name, file.type);
  if (format) return format.name;
  // Where nothing says what is sent, it is what most addresses send.
  if (isFetched(source)) return 'JSON';
  throw wrongImport('The data source names no format, and its file does not tell');
};

const jobFrom = (source: Row, file: Named): Omit<NewJob, 'map' | 'transform'> => {
  const format = formatIn(source, file);
  const paths = format === 'XML' ? source.xpath_root_node : source.jpath_root_node;
  return {
    name: [source.name, file.name].filter(Boolean).join(': '),
    table: source.import_set_table_name ?? '',
    label: source.import_set_table_label ?? '',
    format,
    read: {
      delimiter: source.format === isTabbed ? '\t' : source.csv_delimiter || ',',
      encoding: source.encoding ?? '',
      headerRow: Number(source.header_row || 1),
      sheet: source.sheet_name || Number(source.sheet_number || 1),
      path: paths || (source.path ?? ''),
    },
    isDryRun: false,
    dataSource: source.sys_id ?? '',
  };
};

export const loadSource =
  (parts: ImportParts) =>
  async (asked: Asked): Promise<Answer> => {
    requireImporter(asked);
    const { records, attachments, imports } = parts;
    const sysId = asked.segments.get('source') ?? '';
    const [source] = await records.findBy('sys_data_source', { sys_id: sysId, active: 'true' }, { limit: 1 });
    if (source?.type !== 'REST' && source?.type !== 'File')
      throw wrongImport('There is no active data source of type File or REST with this sys_id');
    const map = await mapIn(parts, source.import_set_table_name ?? '', asked.parameters.get('map') ?? '');
    const transform = isTrue(asked.parameters.get('transform') ?? 'true');
    if (isFetched(source)) {
      const job = { ...jobFrom(source, { name: '', type: '' }), map, transform };
      return sayJob(parts, await imports.jobs.load(asked.caller, job), 202);
    }
    const newest = `table_name=sys_data_source^table_sys_id=${source.sys_id}^ORDERBYDESCsys_created_on^ORDERBYDESCsys_id`;
    const [attached] = await records.find('sys_attachment', newest, { limit: 1 });
    if (!attached?.sys_id) throw wrongImport('No file is attached to the data source');
    const file = await attachments.open(asked.caller, attached.sys_id);
    const named = { name: file.row.file_name ?? '', type: file.row.content_type ?? '' };
    const job = { ...jobFrom(source, named), map, transform };
    return sayJob(parts, await imports.jobs.upload(asked.caller, job, file.read()), 202);
  };
