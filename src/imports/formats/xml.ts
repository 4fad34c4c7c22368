// XML: the repeated element is the row, its children and attributes are the fields. Entities of the document are never expanded.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Bytes, SourceRow } from '../source_row.ts';
import { decodeText, type Format, type FormatOptions, readWhole, unreadable } from './format.ts';
import { rowsOfDocument } from './json.ts';

async function* read(bytes: Bytes, { path, wholeLimitBytes }: FormatOptions): AsyncIterable<SourceRow> {
  const text = decodeText('XML', await readWhole(bytes, wholeLimitBytes));
  // Without a document type there is no entity to expand and no file to fetch.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw unreadable('XML', 'A document type is not accepted');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw unreadable('XML', `Line ${valid.err.line}: ${valid.err.msg}`);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    textNodeName: 'value',
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    processEntities: true,
    maxNestedTags: 100,
  });
  let document: unknown;
  try {
    document = parser.parse(text);
  } catch (error) {
    throw unreadable('XML', (error as Error).message, error);
  }
  yield* rowsOfDocument('XML', document, path);
}

export const xml: Format = {
  name: 'XML',
  endings: ['xml'],
  mediaTypes: ['application/xml', 'text/xml'],
  read,
};
