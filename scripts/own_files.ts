// Loaded before each test file: where our own files lie is computed, as it is at a start. Every test file is a process that loads most of them.
import { resolveOwnFiles } from '../bin/launch.js';

resolveOwnFiles(new URL('../', import.meta.url).href);
