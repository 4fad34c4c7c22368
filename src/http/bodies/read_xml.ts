// XML bodies: <request><entry><field>value</field></entry></request>; only the first entry counts.
// It must not expand entities of the sender's making: a document type is refused, the five of the standard are known.
import { XMLParser } from 'fast-xml-parser';
import { Fault } from '../../kit/fault.ts';

type Node = Readonly<Record<string, readonly Node[] | string>>;

const notXml = (explanation = 'The payload is not valid XML.'): Fault =>
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

const decodeEntities = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return namedEntities.get(name) ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const tagOf = (node: Node): string => Object.keys(node)[0] ?? '';

const textOf = (nodes: readonly Node[]): string =>
  nodes
    .map((node) => {
      const tag = tagOf(node);
      const content = node[tag];
      if (tag === '#text') return decodeEntities(String(content));
      if (tag === '#cdata') return (content as readonly Node[]).map((piece) => String(piece['#text'] ?? '')).join('');
      return typeof content === 'string' ? '' : textOf(content ?? []);
    })
    .join('');

const elementsOf = (nodes: readonly Node[]): { tag: string; children: readonly Node[] }[] =>
  nodes
    .map((node) => ({ tag: tagOf(node), children: node[tagOf(node)] }))
    .filter(
      (found): found is { tag: string; children: readonly Node[] } =>
        typeof found.children !== 'string' && /^[^#?]/.test(found.tag),
    );

/** Field names and texts in order; undefined for a blank body. Throws `http.body_not_xml`. */
export const readXml = (text: string): [name: string, value: string][] | undefined => {
  if (text.trim() === '') return undefined;
  if (/<!DOCTYPE/i.test(text)) throw notXml();
  refuseTooMuch(text);
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues: false,
    processEntities: false,
    cdataPropName: '#cdata',
    ignoreDeclaration: true,
    ignorePiTags: true,
  });
  let roots: readonly Node[];
  try {
    roots = parser.parse(text, true) as readonly Node[];
  } catch {
    throw notXml();
  }
  const root = elementsOf(roots)[0];
  if (!root) throw notXml();
  const entry = root.tag === 'entry' ? root : elementsOf(root.children).find((child) => child.tag === 'entry');
  return entry ? elementsOf(entry.children).map(({ tag, children }) => [tag, textOf(children)]) : [];
};
