// Reads source files for the tests that check the house itself: what each imports, and its code without comments and
// quoted text. Must not run what it reads.

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type SourceFile = {
  /** From the repository's root, with forward slashes. */
  path: string;
  text: string;
};

/** Every file under `folder` that ends in `ending`, sorted. */
export const readSources = (root: string, folder: string, ending = '.ts'): SourceFile[] =>
  globSync(`${folder}/**/*${ending}`, { cwd: root })
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const importForms = [
  /^\s*(?:import|export)\s[^'";]*?\bfrom\s+['"]([^'"]+)['"]/gm, // import and re-export, of values and of types
  /^\s*import\s+['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
  /\bnew URL\(\s*['"](\.[^'"]+\.ts)['"]\s*,\s*import\.meta\.url/g, // a worker's file
];

/** What the file imports: packages by name, our own files by their path from the root. */
export const importsOf = (file: SourceFile): string[] => {
  const text = file.text.replace(/^\s*\/\/.*$/gm, '').replace(/^\s*(?:\/\*|\*).*$/gm, '');
  const written = importForms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ''));
  return written.map((name) => (name.startsWith('.') ? join(dirname(file.path), name).replaceAll('\\', '/') : name));
};

/** The code alone. A template keeps its text, because code stands in it. */
export const codeOf = (file: SourceFile): string =>
  file.text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, (found) =>
    found.startsWith('/') ? '' : `${found[0]}${found[0]}`,
  );
