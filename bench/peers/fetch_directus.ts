// Fetches Directus out of the package registry into bench/.cache, which git ignores: it is no dependency of ours, and none of it is kept
// with our sources. Its licence (in its package) allows internal use; it runs as it was published, unchanged and without a key.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const directusVersion = '12.4.0';
// The Node that Directus is published for: its sandbox is native code that newer ones do not load.
const runtime = { name: `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`, version: '22.23.3' };
const packages = [`directus@${directusVersion}`, 'sqlite3@6.0.1', 'pg@8.16.3', `${runtime.name}@${runtime.version}`];
/** These alone have native code that must fit the machine: fetched ready made where that can be, else compiled. */
const compiled = ['sqlite3', 'isolated-vm'];

export interface Directus {
  /** The Node to run it with. */
  node: string;
  /** Its command line. */
  program: string;
}

const folder = fileURLToPath(new URL(`../.cache/directus-${directusVersion}`, import.meta.url));
const modules = join(folder, 'node_modules');
const runtimeFolder = join(modules, runtime.name);

/** Rejects with the last words of npm. */
const npm = async (args: readonly string[]): Promise<void> => {
  const own = process.env.npm_execpath;
  const [command, before] = own && /npm-cli\.c?js$/.test(own) ? [process.execPath, [own]] : ['npm', []];
  const child = spawn(command, [...before, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: [join(runtimeFolder, 'bin'), process.env.PATH ?? ''].join(delimiter),
      // Compilers find the headers in the package of the runtime and need not fetch them.
      npm_config_nodedir: runtimeFolder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-3000);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${said}`);
};

/** Downloads some 200 MB the first time and takes three minutes or more; afterwards it is there. */
export const fetchDirectus = async (say: (line: string) => void): Promise<Directus> => {
  const found: Directus = {
    node: join(runtimeFolder, 'bin', 'node'),
    program: join(modules, '@directus', 'api', 'dist', 'cli', 'run.js'),
  };
  const mark = join(folder, 'complete');
  if (existsSync(mark)) return found;
  const startedAt = performance.now();
  say(
    `downloading ${packages.join(', ')} from the package registry into ${folder}: some 200 MB, once; nothing of it is committed`,
  );
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"name":"peer","private":true}\n');
  await npm(['install', '--no-package-lock', '--ignore-scripts', '--save-exact', ...packages]);
  say(
    `making the native code of ${compiled.join(' and ')}: a few minutes where it has to be compiled (python, make and a C++ compiler)`,
  );
  await npm(['rebuild', ...compiled]);
  await writeFile(mark, `${new Date().toISOString()}\n`);
  say(`Directus ${directusVersion} is there after ${Math.round((performance.now() - startedAt) / 1000)} s`);
  return found;
};
