// Relative paths of scripted REST operations: `/orders/{id}/lines`. Pure; knows neither rows nor requests.

export type Segment = { readonly literal: string } | { readonly parameter: string };

const literalPattern = /^[A-Za-z0-9._~!$&'()*+,;=:@-]+$/;
const parameterPattern = /^\{([A-Za-z_][A-Za-z0-9_]{0,79})\}$/;
const mostSegments = 20;

const readSegment = (text: string): Segment | undefined => {
  const parameter = parameterPattern.exec(text)?.[1];
  if (parameter !== undefined) return { parameter };
  return literalPattern.test(text) && text !== '.' && text !== '..' ? { literal: text } : undefined;
};

/** With a slash in front and none at the end. */
export const tidyPath = (text: string): string => `/${text.trim().replace(/^\/+|\/+$/g, '')}`;

/** undefined for what is no path: an empty or strange segment, a parameter that comes twice, too many of them. */
export const readPath = (text: string): readonly Segment[] | undefined => {
  const inner = tidyPath(text).slice(1);
  if (inner === '') return [];
  const segments = inner.split('/').map(readSegment);
  const names = segments.flatMap((segment) => (segment && 'parameter' in segment ? [segment.parameter] : []));
  const isGood = segments.every((segment) => segment !== undefined);
  return isGood && segments.length <= mostSegments && new Set(names).size === names.length ? segments : undefined;
};

/** Is there an address that both would answer? */
export const doOverlap = (one: readonly Segment[], other: readonly Segment[]): boolean =>
  one.length === other.length &&
  one.every((segment, at) => {
    const opposite = other[at];
    return 'parameter' in segment || opposite === undefined || 'parameter' in opposite || segment.literal === opposite.literal;
  });

/** The parameters by name, where the path fits these decoded segments. A parameter is never empty. No prototype. */
export const matchPath = (
  pattern: readonly Segment[],
  given: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  if (pattern.length !== given.length) return undefined;
  const found: Record<string, string> = Object.create(null);
  for (const [at, segment] of pattern.entries()) {
    const text = given[at] ?? '';
    if ('literal' in segment) {
      if (segment.literal !== text) return undefined;
    } else if (text === '') return undefined;
    else found[segment.parameter] = text;
  }
  return found;
};
