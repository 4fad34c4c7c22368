// Runs a script with the right Node: in this process where it is the right one, otherwise in a child that is as good as
// this process: same terminal, same signals, same exit, and never left behind. Plain JavaScript in old syntax.
// Must not know what the script does.

import { spawn } from 'node:child_process';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { adviceOnOldNode, isNewEnough, nodePath } from './node_path.js';
import { freshPacked, nameSources } from './packed.js';

/** @type {NodeJS.Signals[]} */
const forwarded = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/**
 * Runs `script` (an absolute path) with `args`, and ends as it ends.
 * @param {string} script
 * @param {string[]} args
 * @param {{ mayBePacked?: boolean }} [options] whether what bin/pack.js made of it will do
 */
export const launch = (script, args, options) => {
  if (isNewEnough(process.versions.node)) {
    // Types are stripped and code is compiled once, not at every start: three times as fast. Beside the packages, where only this account
    // writes; where it cannot be written, nothing is kept.
    if (module.enableCompileCache)
      module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/causeway', import.meta.url)));
    const packed = options?.mayBePacked ? freshPacked() : undefined;
    if (packed) nameSources();
    else resolveOwnFiles(new URL('../src/', import.meta.url).href);
    process.argv = [process.execPath, script].concat(args);
    return import(pathToFileURL(packed || script).href);
  }
  const node = nodePath();
  // The same door once more: this time it finds a Node that is new enough.
  if (node) return endAs(spawnTied(node, process.argv.slice(1)));
  process.stderr.write(adviceOnOldNode());
  process.exitCode = 1;
};

/**
 * Says where the files below `sources` (an address) that name each other lie. Node asks the disk several times about each of some
 * nine hundred, which takes an eighth of a start; what is not there fails when it is read.
 * @param {string} sources
 */
export const resolveOwnFiles = (sources) => {
  module.registerHooks({
    resolve(specifier, context, next) {
      const from = context.parentURL || '';
      if (!from.startsWith(sources) || !/^\.\.?\/.*\.ts$/.test(specifier)) return next(specifier, context);
      return { url: new URL(specifier, from).href, format: 'module-typescript', shortCircuit: true };
    },
  });
};

/**
 * Starts `node` on this terminal, tied to this process: if this process is killed, the child dies too.
 * @param {string} node
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to this process's own
 */
export const spawnTied = (node, args, env) => {
  const tie = new URL('./tied_to_parent.js', import.meta.url).href;
  return spawn(node, ['--disable-warning=ExperimentalWarning', '--import', tie].concat(args), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: Object.assign({}, process.env, env, { CAUSEWAY_LAUNCHED: '1' }),
  });
};

/**
 * Hands signals on to `child`, and ends this process with the child's exit code or by its signal.
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => Promise<void>} [beforeEnd] what to put away first
 */
export const endAs = (child, beforeEnd) => {
  const handlers = forwarded.map((signal) => ({ signal, handle: () => child.kill(signal) }));
  for (const { signal, handle } of handlers) process.on(signal, handle);
  child.on('error', (error) => {
    process.stderr.write(`Causeway could not start ${child.spawnfile || fileURLToPath(import.meta.url)}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', async (code, signal) => {
    if (beforeEnd) await beforeEnd();
    if (!signal) process.exit(code === null ? 1 : code);
    for (const { signal: name, handle } of handlers) process.removeListener(name, handle);
    process.kill(process.pid, signal);
    // Some signals do not end a process everywhere; a shell shows a death by signal as 128 and its number.
    setTimeout(() => process.exit(128 + (constants.signals[signal] || 0)), 500);
  });
};
