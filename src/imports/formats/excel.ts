// Excel workbooks (.xlsx): one sheet, first row of headers. A workbook is a zip file, so what it would unpack to is looked at first.
import { wireMoment } from '../../kit/clock.ts';
import type { Bytes, SourceRow } from '../source_row.ts';
import { type Format, type FormatOptions, fileTooLarge, readWhole, unreadable } from './format.ts';
import { headersOf } from './headers.ts';
import { unpackedSize } from './zip_size.ts';

const unpackedLimitBytes = 256 * 1024 * 1024;
const mostColumns = 1_000;

// Day 0 of the sheet, on which a cell lies that holds a time of day only.
const dayZeroMs = Date.UTC(1899, 11, 30);
const dayMs = 86_400_000;

const dateText = (cell: Date): string => {
  // Moments are fractions of a day there, and miss the second by a hair.
  const atMs = Math.round(cell.getTime() / 1_000) * 1_000;
  if (Number.isNaN(atMs)) return '';
  const moment = wireMoment(atMs);
  if (atMs >= dayZeroMs && atMs < dayZeroMs + dayMs) return moment.slice(11);
  // A cell without a time of day is a date; to say midnight would be to say more than the sheet does.
  return moment.endsWith(' 00:00:00') ? moment.slice(0, 10) : moment;
};

const cellText = (cell: unknown): string => {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return dateText(cell);
  // Fifteen digits are what a sheet has and shows; the rest is noise of binary fractions.
  return typeof cell === 'number' ? String(Number(cell.toPrecision(15))) : String(cell);
};

async function* read(bytes: Bytes, { headerRow, sheet, wholeLimitBytes }: FormatOptions): AsyncIterable<SourceRow> {
  const file = await readWhole(bytes, wholeLimitBytes);
  const unpacked = unpackedSize(file);
  if (unpacked === undefined) throw unreadable('Excel', 'It is no .xlsx workbook');
  if (unpacked > unpackedLimitBytes) throw fileTooLarge(unpackedLimitBytes);
  // Only now: fifty modules that few processes need.
  const { readSheet } = await import('read-excel-file/node');
  let rows: readonly (readonly unknown[])[];
  try {
    rows = await readSheet(file, typeof sheet === 'number' ? Math.max(1, sheet) : sheet);
  } catch (error) {
    throw unreadable('Excel', (error as Error).message, error);
  }
  const headers = headersOf((rows[Math.max(1, headerRow) - 1] ?? []).map(cellText));
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
