// The install step: where the machine's Node is too old, fetches a newer one as an ordinary registry package into
// `.node/`. Somebody whose Node is new enough pays nothing. Plain JavaScript in old syntax.
// Must not touch the machine's own Node, nor run any script of what it fetches.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  adviceOnOldNode,
  fetchedFolder,
  fetchedPackage,
  fetchedPath,
  fetchedVersion,
  isNewEnough,
  oldestNode,
} from './node_path.js';

/** @param {string | undefined} program */
const versionOf = (program) => {
  if (!program || !existsSync(program)) return undefined;
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
};

const isGood = () => {
  const version = versionOf(fetchedPath());
  return version !== undefined && isNewEnough(version);
};

/** @param {string[]} args */
const runNpm = (args) => {
  // The npm that runs this step, so that its settings and its cache are the same; another package manager has no use here.
  const npm = process.env.npm_execpath;
  /** @type {import('node:child_process').SpawnSyncOptionsWithStringEncoding} */
  const options = { cwd: fetchedFolder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  if (npm && /npm-cli\.c?js$/.test(npm)) return spawnSync(process.execPath, [npm].concat(args), options);
  return spawnSync('npm', args, Object.assign({ shell: process.platform === 'win32' }, options));
};

// npm checks a package against what the registry says today; this checks it against what the registry said when it was chosen.
/** @param {{ name: string, integrity: string }} wanted */
const hasWantedDigest = (wanted) => {
  const lock = JSON.parse(readFileSync(join(fetchedFolder, 'node_modules', '.package-lock.json'), 'utf8'));
  const entry = lock.packages[`node_modules/${wanted.name}`];
  return Boolean(entry) && entry.integrity === wanted.integrity;
};

const removeFetched = () => {
  const program = fetchedPath();
  if (program && existsSync(program)) unlinkSync(program);
};

/** @param {string} sentence */
const fail = (sentence) => {
  const advice = `Either mend that and run "npm ci" again, or install Node ${oldestNode} or newer yourself (https://nodejs.org).`;
  process.stderr.write(`\nCauseway: ${sentence}\n${advice}\n`);
  process.exitCode = 1;
};

/** @param {string | null} text */
const lastLines = (text) =>
  String(text || '')
    .split('\n')
    .filter((line) => /^npm (error|ERR!)(?! +at )/.test(line))
    .slice(0, 6)
    .join('\n');

const ensureNode = () => {
  if (isNewEnough(process.versions.node)) return;
  const wanted = fetchedPackage();
  if (!wanted) {
    process.stderr.write(adviceOnOldNode());
    process.exitCode = 1;
    return;
  }
  if (isGood()) return;

  const what = `${wanted.name}@${fetchedVersion}`;
  process.stdout.write(
    `Causeway needs Node ${oldestNode} or newer and this is ${process.versions.node}: fetching ${what} into .node/\n`,
  );
  mkdirSync(fetchedFolder, { recursive: true });
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--no-global', '--no-dry-run'];
  const answer = runNpm(['install', '--prefix', fetchedFolder].concat(flags, what));
  if (answer.error || answer.status !== 0) {
    const reason = answer.error ? answer.error.message : lastLines(answer.stderr) || `npm ended with ${answer.status}`;
    fail(`could not fetch ${what} from the package registry (is the network or your registry mirror reachable?).\n${reason}`);
  } else if (!hasWantedDigest(wanted)) {
    removeFetched();
    fail(`the package registry answered ${what} with other content than was published; it has been removed and not run.`);
  } else if (!isGood()) {
    fail(
      `the fetched Node (${fetchedPath()}) does not run on this machine. Systems without glibc, such as Alpine, need their own Node.`,
    );
  }
};

ensureNode();
