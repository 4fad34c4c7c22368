// XML: the repeated element is the row, its children and attributes are the fields. Entities of the document are never expanded.
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { isObject } from '../../kit/is_object.ts';
import type { Bytes, SourceRow } from '../source_row.ts';
import { declaredEncoding, decodeText } from './decode.ts';
import { type Format, type FormatOptions, readWhole, unreadable } from './format.ts';
import { rowsOfDocument } from './json.ts';

const hasList = (value: unknown): boolean => Array.isArray(value) || (isObject(value) && Object.values(value).some(hasList));

/** Where nothing is repeated, a list of one cannot be told from none: the row is the only element in the root, else the root. */
const singleRow = (document: object, rootAttributes: ReadonlySet<string>): unknown => {
  const [root] = Object.values(document).filter(isObject);
  const [only, ...others] = Object.entries(root ?? {}).filter(([name]) => !rootAttributes.has(name));
  return only && others.length === 0 && isObject(only[1]) ? only[1] : (root ?? document);
};

async function* read(bytes: Bytes, { path, encoding, wholeLimitBytes }: FormatOptions): AsyncIterable<SourceRow> {
  const file = await readWhole(bytes, wholeLimitBytes);
  const text = decodeText('XML', file, encoding || declaredEncoding(file));
  // Without a document type there is no entity to expand and no file to fetch.
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw unreadable('XML', 'A document type is not accepted');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw unreadable('XML', `Line ${valid.err.line}: ${valid.err.msg}`);
  const rootAttributes = new Set<string>();
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    textNodeName: 'value',
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    processEntities: true,
    // Characters by number are in here too.
    htmlEntities: true,
    maxNestedTags: 100,
    // Asked of every element and attribute; only to see what the root says of the whole.
    isArray(name, path, _isLeaf, isAttribute) {
      if (isAttribute && String(path).split('.').length === 2) rootAttributes.add(name);
      return false;
    },
  });
  let document: unknown;
  try {
    document = parser.parse(text);
  } catch (error) {
    throw unreadable('XML', (error as Error).message, error);
  }
  const isSingle = path === '' && isObject(document) && !hasList(document);
  yield* rowsOfDocument('XML', isSingle ? [singleRow(document as object, rootAttributes)] : document, path);
}

export const xml: Format = {
  name: 'XML',
  endings: ['xml'],
  mediaTypes: ['application/xml', 'text/xml'],
  read,
};
