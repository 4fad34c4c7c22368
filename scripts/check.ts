// npm run check: format and lint (Biome), types (TypeScript), what nobody uses (knip), all three at once.
// Quiet when all is well; otherwise what each has to say. Must not change a file: `npm run format` does.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

type Check = { name: string; program: string; args: string[] };

const checks: Check[] = [
  { name: 'format and lint', program: '@biomejs/biome/bin/biome', args: ['ci', '--colors=off', '--error-on-warnings', '.'] },
  { name: 'types', program: 'typescript/bin/tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'unused files, exports and packages', program: 'knip/bin/knip.js', args: ['--no-progress'] },
];

const root = fileURLToPath(new URL('..', import.meta.url));

const run = (check: Check): Promise<{ check: Check; isFine: boolean; said: string }> =>
  new Promise((settle) => {
    const program = join(root, 'node_modules', check.program);
    const child = spawn(process.execPath, [program, ...check.args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('error', (error) => settle({ check, isFine: false, said: error.message }));
    child.on('close', (code) => settle({ check, isFine: code === 0, said }));
  });

const failed = (await Promise.all(checks.map(run))).filter((outcome) => !outcome.isFine);
for (const { check, said } of failed) process.stderr.write(`\n✖ ${check.name}\n${said.trim()}\n`);
if (failed.length === 0) process.stdout.write(`✔ ${checks.map((check) => check.name).join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
