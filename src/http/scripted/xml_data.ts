// XML of any shape as plain data, for scripts: an element is an object of its children, a leaf its text, a repeated name a list.
// It must not read XML by itself: bodies/parse_xml.ts does, with its limits.
import type { Json } from '../../scripting/script.ts';
import { cdataOf, decodeEntities, notXml, parseXml, type XmlNode } from '../bodies/parse_xml.ts';

const deepest = 100;

const dataOf = (nodes: readonly XmlNode[], depth: number): Json => {
  if (depth > deepest) throw notXml();
  let text = '';
  const children = new Map<string, Json[]>();
  for (const node of nodes) {
    const name = Object.keys(node)[0] ?? '';
    const content = node[name];
    if (name === '#text') text += decodeEntities(String(content)).toWellFormed();
    else if (name === '#cdata') text += cdataOf(content);
    else if (Array.isArray(content)) children.set(name, [...(children.get(name) ?? []), dataOf(content, depth + 1)]);
  }
  if (children.size === 0) return text;
  return Object.fromEntries([...children].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? null) : values]));
};

/** The root element under its name; null for a blank body. Throws `http.body_not_xml`. */
export const readXmlData = (text: string): Json => {
  if (text.trim() === '') return null;
  const roots = parseXml(text, { trimValues: true });
  const data = dataOf(roots, 0);
  if (data === null || typeof data !== 'object') throw notXml();
  return data;
};
