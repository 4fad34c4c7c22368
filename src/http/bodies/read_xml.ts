// XML bodies: <request><entry><field>value</field></entry></request>; only the first entry counts.
// It must not read XML by itself: parse_xml.ts does, with its limits.
import { cdataOf, decodeEntities, notXml, parseXml, type XmlNode } from './parse_xml.ts';

const tagOf = (node: XmlNode): string => Object.keys(node)[0] ?? '';

const textOf = (nodes: readonly XmlNode[]): string =>
  nodes
    .map((node) => {
      const tag = tagOf(node);
      const content = node[tag];
      if (tag === '#text') return decodeEntities(String(content));
      if (tag === '#cdata') return cdataOf(content);
      return typeof content === 'string' ? '' : textOf(content ?? []);
    })
    .join('');

const elementsOf = (nodes: readonly XmlNode[]): { tag: string; children: readonly XmlNode[] }[] =>
  nodes
    .map((node) => ({ tag: tagOf(node), children: node[tagOf(node)] }))
    .filter(
      (found): found is { tag: string; children: readonly XmlNode[] } =>
        typeof found.children !== 'string' && /^[^#?]/.test(found.tag),
    );

/** Field names and texts in order; undefined for a blank body. Throws `http.body_not_xml`. */
export const readXml = (text: string): [name: string, value: string][] | undefined => {
  if (text.trim() === '') return undefined;
  const roots = parseXml(text, { trimValues: false });
  const root = elementsOf(roots)[0];
  if (!root) throw notXml();
  const entry = root.tag === 'entry' ? root : elementsOf(root.children).find((child) => child.tag === 'entry');
  return entry ? elementsOf(entry.children).map(({ tag, children }) => [tag, textOf(children)]) : [];
};
