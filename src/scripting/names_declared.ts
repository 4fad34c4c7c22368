// The names that a script may declare at its top: whoever keeps a script as a function hands them on to the scripts that follow.
// A name too many does no harm, because it is asked for before it is handed on. Pure.

const declaration = /\b(?:var|let|const|class|function)\b\s*\*?(?=([^;]{0,2000}))/g;
const leadingName = /^\s*([A-Za-z_$][\w$]*)/;
const assignedName = /([A-Za-z_$][\w$]*)\s*(?==(?!=)|[,;}\]]|$)/gm;

const mostDeclarations = 1_000;
const mostNames = 200;

const reserved = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static super switch this
  throw true try typeof undefined var void while with yield globalThis`.split(/\s+/),
);

/** In no order that means anything; at most 200. */
export const namesDeclared = (source: string): string[] => {
  const names = new Set<string>();
  for (const [, rest = ''] of source.matchAll(declaration).take(mostDeclarations)) {
    const leading = leadingName.exec(rest)?.[1];
    if (leading) names.add(leading);
    for (const [, name = ''] of rest.matchAll(assignedName)) names.add(name);
  }
  return [...names].filter((name) => !reserved.has(name)).slice(0, mostNames);
};
