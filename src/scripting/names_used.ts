// Which script includes a source may use. A word in a comment or a text counts as well: a name too many costs nothing, since an
// include is fetched only when the script really asks for it.

/** In the order in which they stand in the source; `names` are those there are. */
export const namesUsed = (source: string, names: ReadonlySet<string>): string[] => {
  const used = new Set<string>();
  for (const [word] of source.matchAll(/[A-Za-z_$][\w$]*/g)) if (names.has(word)) used.add(word);
  return [...used];
};
