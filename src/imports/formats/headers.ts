// The headers of a file as its rows name them: none empty, no two alike, so that no column hides another. Pure.

/** `Name, , Name` → `Name`, `Column 2`, `Name 2`. */
export const headersOf = (cells: readonly string[]): string[] => {
  const named = cells.map((cell, at) => cell.trim() || `Column ${at + 1}`);
  const taken = new Set<string>();
  return named.map((name) => {
    let header = name;
    for (let copy = 2; taken.has(header) || (header !== name && named.includes(header)); copy += 1) header = `${name} ${copy}`;
    taken.add(header);
    return header;
  });
};
