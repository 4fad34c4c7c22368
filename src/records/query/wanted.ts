// Which columns a request gets: what it names, or all there is, as far as the caller may see it. Knows no SQL.
import type { Path } from './bound.ts';
import type { Wanted } from './compile/select.ts';
import { pathPast } from './hidden_classes.ts';
import type { QueryRequest } from './queries.ts';
import { ownPath, resolvePath } from './resolve.ts';

/** Every field on the path, where it is asked about, may be read. */
export const mayShowPath = ({ table, mayRead }: QueryRequest, { steps, field }: Path): boolean =>
  mayRead === undefined ||
  [...steps.map((step) => step.field), field].every((each, at) =>
    mayRead(each, at === 0 ? table : (steps[at - 1]?.target ?? table), at > 0),
  );

// It becomes a key of the answer and a name in XML, so it must look like one.
const brokenWalk = /^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*){1,10}$/;

/** One column, where the path may be shown at all. */
const wantedAs = (request: QueryRequest, key: string, path: Path): Wanted[] => {
  if (mayShowPath(request, path)) return [{ key, path: pathPast(request.hiddenBehind, path) }];
  const shownWhere = path.steps.length === 0 ? request.shownWhere?.(path.field) : undefined;
  return shownWhere ? [{ key, path, shownWhere }] : [];
};

/** The columns asked for that may be shown, in their order. */
export const wantedOf = (request: QueryRequest): readonly Wanted[] => {
  const { dictionary, table, fields } = request;
  if (!fields) {
    return [...table.fields.values()].flatMap((field): Wanted[] => {
      if (field.type === 'collection') return [];
      return wantedAs(request, field.element, ownPath(field));
    });
  }
  const seen = new Set<string>();
  return fields.flatMap((written): Wanted[] => {
    const key = written.trim();
    if (key === '' || seen.has(key)) return [];
    const path = resolvePath(dictionary, table, key);
    if (path) {
      const shown = wantedAs(request, key, path);
      if (shown.length > 0) seen.add(key);
      return shown;
    }
    // A walk that starts at a reference and leads nowhere is answered empty; any other unknown name is left out.
    if (!(brokenWalk.test(key) && table.fields.get(key.slice(0, key.indexOf('.')))?.type === 'reference')) return [];
    seen.add(key);
    return [{ key, path }];
  });
};
