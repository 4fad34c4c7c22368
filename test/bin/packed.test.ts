// The packed program: it runs while it is what the sources say, and nobody can tell the difference but by the time a start takes.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(join(tmpdir(), 'causeway-packed-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const packed = join(folder, 'node_modules', '.cache', 'causeway', 'packed', 'main.mjs');

const main = `import { readFileSync } from 'node:fs';
import { fail } from './kit/fail.ts';
interface Said { what: string }
const said: Said = { what: readFileSync(new URL('./words.txt', import.meta.url), 'utf8') };
try { fail(said.what); } catch (error) { console.log((error as Error).stack?.split('\\n', 3).join('\\n')); }
console.log(process.argv.slice(1).join(' '));
console.log((await import('./kit/late.ts')).late);
`;

const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
const run = (): string => node('bin/causeway.js', 'one', 'two');

beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'src', 'kit'), { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  cpSync(here('bin'), join(folder, 'bin'), { recursive: true });
  cpSync(here('tsconfig.json'), join(folder, 'tsconfig.json'));
  symlinkSync(here('node_modules/esbuild'), join(folder, 'node_modules', 'esbuild'));
  write('package.json', '{ "type": "module" }');
  write('src/main.ts', main);
  write('src/words.txt', 'words beside the source');
  write('src/kit/fail.ts', '\nexport const fail = (why: string): never => {\n  throw new TypeError(why);\n};\n');
  write('src/kit/late.ts', 'export const late: string = "later";\n');
});

const expected = [
  'TypeError: words beside the source',
  `    at fail (file://${folder}/src/kit/fail.ts:3:9)`,
  `    at file://${folder}/src/main.ts:5:7`,
  `${join(folder, 'src', 'main.ts')} one two`,
  'later',
  '',
].join('\n');

test('says and reads what the sources do, and its stacks name them', () => {
  assert.equal(run(), expected);
  assert.equal(existsSync(packed), false);
  assert.equal(node('bin/pack.js'), '');
  assert.equal(run(), expected);
  // That it is the packed one that runs shows when somebody changes that.
  writeFileSync(packed, 'console.log("packed")');
  assert.equal(run(), 'packed\n');
});

test('is not used once a source has changed, or is gone', () => {
  node('bin/pack.js');
  write('src/kit/late.ts', 'export const late: string = "much later";\n');
  assert.equal(run(), expected.replace('later', 'much later'));
  node('bin/pack.js');
  writeFileSync(packed, 'console.log("packed")');
  assert.equal(run(), 'packed\n');
  rmSync(join(folder, 'src', 'kit', 'late.ts'));
  assert.throws(run, /late\.ts/);
});

test('an installation without the packer, or with sources that it cannot pack, goes on with the sources', () => {
  write('src/main.ts', 'import "./missing.ts";');
  assert.match(node('bin/pack.js'), /^Causeway was not packed, so that each start reads its sources and takes longer: .+\n$/);
  write('src/main.ts', main);
  rmSync(join(folder, 'node_modules', 'esbuild'));
  assert.match(node('bin/pack.js'), /^Causeway was not packed, .*esbuild/);
  assert.equal(run(), expected);
});
