// Excel workbooks (.xlsx): one sheet, first row of headers. A workbook is a zip file, so what it would unpack to is looked at first.
import { readSheet } from 'read-excel-file/node';
import { wireMoment } from '../../kit/clock.ts';
import type { Bytes, SourceRow } from '../source_row.ts';
import { type Format, type FormatOptions, fileTooLarge, readWhole, unreadable } from './format.ts';
import { unpackedSize } from './zip_size.ts';

const unpackedLimitBytes = 256 * 1024 * 1024;
const mostColumns = 1_000;

const cellText = (cell: unknown): string => {
  if (cell === null || cell === undefined) return '';
  if (!(cell instanceof Date)) return String(cell);
  if (Number.isNaN(cell.getTime())) return '';
  const moment = wireMoment(cell.getTime());
  // A cell without a time of day is a date; to say midnight would be to say more than the sheet does.
  return moment.endsWith(' 00:00:00') ? moment.slice(0, 10) : moment;
};

async function* read(bytes: Bytes, { headerRow, sheet, wholeLimitBytes }: FormatOptions): AsyncIterable<SourceRow> {
  const file = await readWhole(bytes, wholeLimitBytes);
  const unpacked = unpackedSize(file);
  if (unpacked === undefined) throw unreadable('Excel', 'It is no .xlsx workbook');
  if (unpacked > unpackedLimitBytes) throw fileTooLarge(unpackedLimitBytes);
  let rows: readonly (readonly unknown[])[];
  try {
    rows = await readSheet(file, Math.max(1, sheet));
  } catch (error) {
    throw unreadable('Excel', (error as Error).message, error);
  }
  const headers = (rows[Math.max(1, headerRow) - 1] ?? []).map((cell, at) => cellText(cell).trim() || `Column ${at + 1}`);
  if (headers.length > mostColumns) throw unreadable('Excel', `It has more than ${mostColumns} columns`);
  for (const cells of rows.slice(Math.max(1, headerRow))) {
    if (cells.every((cell) => cellText(cell) === '')) continue;
    yield new Map(headers.map((header, at) => [header, cellText(cells[at])]));
  }
}

export const excel: Format = {
  name: 'Excel',
  endings: ['xlsx'],
  mediaTypes: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  read,
};
