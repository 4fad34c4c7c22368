// `<table>_list.do?CSV`: a list as a file of comma-separated values (RFC 4180), with what people see in the fields.
// It must not hold more than a list may.
import { makeCell } from '../../records/present/cell.ts';
import type { Answer, Asked } from '../api.ts';
import { pageOf } from '../table/list_request.ts';
import { readOptions } from '../table/read_options.ts';
import { apiAddress } from '../table/table_address.ts';
import type { ProcessorParts } from './json_v2.ts';
import { tableMeant } from './table_meant.ts';

// A program that shows the file as a sheet would work out a cell that begins like this, whoever wrote it.
const looksLikeFormula = /^[=+\-@\t\r]/;
const isNumber = /^[+-]?\d+(?:[.,]\d+)*$/;
const harmless = (text: string): string => (looksLikeFormula.test(text) && !isNumber.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export const exportCsv = async ({ records, namesFor, properties }: ProcessorParts, asked: Asked): Promise<Answer> => {
  const { parameters, caller } = asked;
  const selection = await records.list(caller, {
    table: tableMeant(records, asked),
    query: parameters.get('sysparm_query'),
    fields: readOptions(parameters).fields,
    display: 'true',
    ...pageOf(asked),
    withCount: false,
  });
  const about = {
    dictionary: records.dictionary(),
    linkBase: apiAddress(asked),
    timeZone: caller.timeZone,
    formats: caller.formats,
  };
  const cells = selection.columns.map((column) => makeCell(column, about));
  const names = await namesFor(asked, selection);
  const written = (await properties.flag('glide.export.escape_formulas', true)) ? harmless : (text: string) => text;
  const lines = [
    cells.map((cell) => quoted(cell.key)),
    ...selection.rows.map((row) => cells.map((cell) => quoted(written(cell.shown(row, names))))),
  ];
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/csv;charset=UTF-8',
      'Content-Disposition': `attachment; filename="${selection.table.name}.csv"`,
    },
    body: lines.map((line) => `${line.join(',')}\r\n`).join(''),
  };
};
