// XML text to nodes in document order, for every door that takes XML.
// It must not expand entities of the sender's making: a document type is refused, the five of the standard are known.
import { XMLParser } from 'fast-xml-parser';
import { Fault } from '../../kit/fault.ts';

export type XmlNode = Readonly<Record<string, readonly XmlNode[] | string>>;

/** `http.body_not_xml`, the one way in which an XML body is refused. */
export const notXml = (explanation = 'The payload is not valid XML.'): Fault =>
  new Fault('bad_request', 'http.body_not_xml', 'Exception while reading request', { explanation });

// Beyond any record, and before the parser needs seconds for them.
const tagLimit = 50_000;
const tagLengthLimit = 65_536;

/** Looks at angle brackets only, so that it costs next to nothing. */
const refuseTooMuch = (text: string): void => {
  let tags = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    tags += 1;
    const isTag = !text.startsWith('<!', at);
    if (tags > tagLimit || (isTag && text.slice(at, at + tagLengthLimit).indexOf('>') < 0 && text.length > at + tagLengthLimit))
      throw notXml('The payload holds more than a record can have.');
  }
};

const namedEntities = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** The five entities of the standard and character references; whatever else is no entity stays as it is. */
export const decodeEntities = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return namedEntities.get(name) ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** The text of a CDATA section. */
export const cdataOf = (content: XmlNode[string] | undefined): string =>
  (content as readonly XmlNode[]).map((piece) => String(piece['#text'] ?? '')).join('');

/** The nodes at the root. Text still holds its entities (`#text`, for decodeEntities). Throws `http.body_not_xml`. */
export const parseXml = (text: string, { trimValues }: { trimValues: boolean }): readonly XmlNode[] => {
  if (/<!DOCTYPE/i.test(text)) throw notXml();
  refuseTooMuch(text);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues,
    processEntities: false,
    cdataPropName: '#cdata',
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  try {
    return parser.parse(text, true) as readonly XmlNode[];
  } catch {
    throw notXml();
  }
};
