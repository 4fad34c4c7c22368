// The list of file formats, and how one is recognised.
import { csv } from './csv.ts';
import { excel } from './excel.ts';
import type { Format } from './format.ts';
import { json } from './json.ts';
import { readApart } from './read_apart.ts';
import { xml } from './xml.ts';

const longText = 256 * 1024;

// A workbook is packed: what is short may be long.
export const formats: readonly Format[] = [csv, readApart(json, longText), readApart(xml, longText), readApart(excel, 8 * 1024)];

export const formatNamed = (name: string): Format | undefined =>
  formats.find((format) => format.name.toLowerCase() === name.toLowerCase());

/** By the ending of the file's name, else by its media type. */
export const formatOf = (fileName: string, mediaType: string): Format | undefined => {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const type = mediaType.split(';')[0]?.trim().toLowerCase() ?? '';
  const byEnding = formats.find((format) => format.endings.includes(ending));
  // text/plain is what a sender says who does not know; it must not turn a name that says otherwise into CSV.
  if (byEnding || (ending !== '' && ending !== 'txt' && type === 'text/plain')) return byEnding;
  return formats.find((format) => format.mediaTypes.includes(type));
};
