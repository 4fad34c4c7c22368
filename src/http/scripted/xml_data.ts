// XML of any shape as plain data, for scripts: an element is an object of its children, a leaf its text, a repeated name a list.
// It must not expand entities of the sender's making.
import { XMLParser } from 'fast-xml-parser';
import { Fault } from '../../kit/fault.ts';
import type { Json } from '../../scripting/script.ts';

const deepest = 100;

const notXml = (): Fault =>
  new Fault('bad_request', 'http.body_not_xml', 'Exception while reading request', {
    explanation: 'The payload is not valid XML.',
  });

const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

const decode = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities.get(name) ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : whole;
  });

type Node = Readonly<Record<string, readonly Node[] | string>>;

const dataOf = (nodes: readonly Node[], depth: number): Json => {
  if (depth > deepest) throw notXml();
  let text = '';
  const children = new Map<string, Json[]>();
  for (const node of nodes) {
    const name = Object.keys(node)[0] ?? '';
    const content = node[name];
    if (name === '#text') text += decode(String(content));
    else if (name === '#cdata') text += (content as readonly Node[]).map((piece) => String(piece['#text'] ?? '')).join('');
    else if (Array.isArray(content)) children.set(name, [...(children.get(name) ?? []), dataOf(content, depth + 1)]);
  }
  if (children.size === 0) return text;
  return Object.fromEntries([...children].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]));
};

/** The root element under its name; null for a blank body. Throws `http.body_not_xml`. */
export const readXmlData = (text: string): Json => {
  if (text.trim() === '') return null;
  if (/<!DOCTYPE/i.test(text)) throw notXml();
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: true,
    parseTagValue: false,
    trimValues: true,
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
  const data = dataOf(roots, 0);
  if (data === null || typeof data !== 'object') throw notXml();
  return data;
};
