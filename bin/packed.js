// The packed program: all that a start reads, in a few files that bin/pack.js made of `src/` and of packages. It is used only while it
// is what the sources say: every one of them is asked for its size and its age first. Plain JavaScript in old syntax.

import { readFileSync, statSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Beside the packages, where only this account writes. */
export const packedFolder = join(root, 'node_modules', '.cache', 'causeway', 'packed');
const packedMain = join(packedFolder, 'main.mjs');
export const manifestName = 'manifest.json';

/**
 * What changes with a file that was packed.
 * @param {string} path relative to the root
 */
export const markOf = (path) => {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  return found ? `${found.size} ${Math.trunc(found.mtimeMs)}` : 'none';
};

/** The packed program; undefined where there is none, or where a source has changed since. */
export const freshPacked = () => {
  try {
    const { paths, marks } = JSON.parse(readFileSync(join(packedFolder, manifestName), 'utf8'));
    return paths.every((/** @type {string} */ path, /** @type {number} */ at) => markOf(path) === marks[at])
      ? packedMain
      : undefined;
  } catch {
    return undefined;
  }
};

/** Stacks name the sources again. The maps are read when the first stack is, which only a bug makes somebody do. */
export const nameSources = () => {
  const prefix = pathToFileURL(packedFolder).href;
  /** @type {Map<string, module.SourceMap>} */
  const maps = new Map();
  /** @param {string} file */
  const mapOf = (file) => {
    const map = maps.get(file) || new module.SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')));
    maps.set(file, map);
    return map;
  };
  /** @param {NodeJS.CallSite} site */
  const lineOf = (site) => {
    const text = String(site);
    const file = site.getFileName();
    if (!file?.startsWith(prefix)) return text;
    const [line, column] = [site.getLineNumber() || 1, site.getColumnNumber() || 1];
    const found = mapOf(file).findEntry(line - 1, column - 1);
    if (!('originalSource' in found)) return text;
    const source = new URL(found.originalSource, file).href;
    return text.replace(`${file}:${line}:${column}`, `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`);
  };
  Error.prepareStackTrace = (error, sites) => {
    const lines = sites.map((site) => {
      try {
        return lineOf(site);
      } catch {
        return String(site);
      }
    });
    return [String(error)].concat(lines).join('\n    at ');
  };
};
