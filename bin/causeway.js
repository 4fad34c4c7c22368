#!/usr/bin/env node
// The door: `causeway <command>`. An old Node gets a sentence it can act on, never a stack trace.

import { fileURLToPath } from 'node:url';
import { launch } from './launch.js';

launch(fileURLToPath(new URL('../src/main.ts', import.meta.url)), process.argv.slice(2), {
  mayBePacked: true,
});
