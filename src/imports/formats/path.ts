// The way to the rows of a JSON or XML document, as JSONPath or XPath say it: names, any name, any depth, places in a list. Whatever
// filters or computes is no part of it. Pure.

export interface Step {
  /** `*` for every name. */
  readonly name: string;
  /** At any depth below, not only next below. */
  readonly isAnywhere: boolean;
  /** In the list that is found, from 0. */
  readonly place: number | undefined;
}

const stepPattern =
  /(?:(?<anywhere>\/\/|\.\.)|[./])?(?:\[(?:'(?<single>[^']+)'|"(?<double>[^"]+)")\]|(?<plain>[^./[\]'"@()|]+))(?<places>(?:\[(?:\*|\d{1,9})\])*)/y;

/** `$.users[*]`, `/response/user`, `//user`, `a.b`. `first` is what the first of a list is called: 0 in JSONPath, 1 in XPath. undefined for what is no such path. */
export const readPath = (path: string, first: 0 | 1): readonly Step[] | undefined => {
  const text = path
    .trim()
    .replace(/^\$?(?:\[\*\])?/, '')
    .replace(/[./]+$/, '');
  const steps: Step[] = [];
  for (let at = 0; at < text.length; at = stepPattern.lastIndex) {
    stepPattern.lastIndex = at;
    const { anywhere, single, double, plain, places = '' } = stepPattern.exec(text)?.groups ?? {};
    const name = single ?? double ?? plain?.trim();
    if (!name) return undefined;
    const place = /\d+/.exec(places)?.[0];
    steps.push({ name, isAnywhere: anywhere !== undefined, place: place === undefined ? undefined : Number(place) - first });
  }
  return steps;
};

const isObject = (value: unknown): value is object => value !== null && typeof value === 'object';

/** A list on the way stands for its members. */
const members = (node: unknown): readonly unknown[] => (Array.isArray(node) ? node : [node]);

const children = (node: unknown, name: string): readonly unknown[] => {
  if (!isObject(node) || Array.isArray(node)) return [];
  if (name === '*') return Object.values(node);
  return Object.hasOwn(node, name) ? [(node as Record<string, unknown>)[name]] : [];
};

const anywhere = (node: unknown, name: string): readonly unknown[] => {
  const found: unknown[] = [];
  const waiting: unknown[] = [node];
  while (waiting.length > 0) {
    const here = waiting.pop();
    found.push(...children(here, name));
    if (isObject(here)) waiting.push(...Object.values(here).reverse());
  }
  return found;
};

const follow = (nodes: readonly unknown[], { name, isAnywhere, place }: Step): readonly unknown[] => {
  const found = nodes.flatMap(members).flatMap((node) => (isAnywhere ? anywhere(node, name) : children(node, name)));
  return place === undefined ? found : found.map((node) => members(node)[place]).filter((node) => node !== undefined);
};

/** What stands at the end; undefined when a step before the last finds nothing, or none does. */
export const followPath = (document: unknown, steps: readonly Step[]): readonly unknown[] | undefined => {
  let nodes: readonly unknown[] = [document];
  for (const step of steps) {
    if (nodes.length === 0) return undefined;
    nodes = follow(nodes, step);
  }
  return nodes;
};
