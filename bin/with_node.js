// Runs any script of this repository with the right Node: node bin/with_node.js scripts/test.ts [arguments].

import { resolve } from 'node:path';
import { launch } from './launch.js';

const [script, ...args] = process.argv.slice(2);
if (script) {
  launch(resolve(script), args);
} else {
  process.stderr.write('usage: node bin/with_node.js <script> [arguments]\n');
  process.exitCode = 1;
}
