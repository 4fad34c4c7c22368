// The objects scripts see are JavaScript files under objects/, evaluated inside the sandbox. This is the list, and who reads them.
import { readFileSync } from 'node:fs';

/** core.js is always there; the others are evaluated when a script first names what they define. */
export const objectFiles = [
  'core.js',
  'element.js',
  'query_terms.js',
  'record_state.js',
  'glide_record.js',
  'glide_aggregate.js',
  'moments.js',
  'glide_date_time.js',
  'gs.js',
  'classes.js',
  'ws_errors.js',
  'scripted_rest.js',
  'transform.js',
] as const;

export const readObjects = (): ReadonlyMap<string, string> =>
  new Map(objectFiles.map((name) => [name, readFileSync(new URL(`./objects/${name}`, import.meta.url), 'utf8')]));
