// The laws of the house that a machine can check: floors, who knows which library, what is never read as a global,
// names and sizes. Each law is data beside one function, and each function is shown a file that breaks it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { codeOf, importsOf, readSources, type SourceFile } from './parts/source_files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = readSources(root, 'src');

/** From the ground up. A room imports rooms on lower floors only; rooms joined by `+` are one. */
const floors = [
  'kit+config.ts',
  'store',
  'records',
  'scripting imports catalog',
  'identity',
  'oauth exchange',
  'http doctor',
  'instance.ts',
  'cli+main.ts',
];

/** Packages that one room alone may know. A name that ends in / stands for a whole scope. */
const keepers: Record<string, string> = {
  'node:sqlite': 'store',
  pg: 'store',
  fastify: 'http',
  '@fastify/': 'http',
  'quickjs-emscripten': 'scripting',
  commander: 'cli',
};

type Ban = { what: string; pattern: RegExp; except: Record<string, string> };

/** What comes in as an argument instead. An exception is a file or a folder, with its reason. */
const bans: Ban[] = [
  {
    what: "the system's clock and timers: take a Clock",
    pattern:
      /\bDate\.now\b|\bnew Date\(\s*\)|(?<![\w.])Date\(\s*\)|\bperformance\.now\b|\bhrtime\b|(?<![\w.])(?:globalThis\.)?set(?:Timeout|Interval)\b/,
    except: {
      'src/kit/clock.ts': 'it is the clock',
      'src/cli/': 'a command is the outermost caller: it waits and measures for a person',
    },
  },
  { what: 'chance that can be guessed: take Ids or random bytes', pattern: /\bMath\.random\b/, except: {} },
  { what: 'the global fetch: take the outbound fetcher', pattern: /(?<![\w.])(?:globalThis\.)?fetch\(/, except: {} },
  { what: 'a default export', pattern: /^\s*export\s+default\b|\bas\s+default\b/m, except: {} },
];

const drawers = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'types', 'misc', 'shared', 'manager']);
const longestFile = 300;

const roomOf = (path: string): string => path.split('/')[1] ?? '';

const floorOf = (room: string): number => floors.findIndex((floor) => floor.split(/[ +]/).includes(room));

const isSameRoom = (a: string, b: string): boolean =>
  a === b ||
  floors.some((floor) => floor.split(' ').some((joined) => joined.split('+').includes(a) && joined.split('+').includes(b)));

const findUpwardImports = (file: SourceFile): string[] => {
  const room = roomOf(file.path);
  if (floorOf(room) < 0) return [`${file.path}: the room "${room}" is on no floor; add it to the list in test/house.test.ts`];
  return importsOf(file)
    .filter(
      (target) => target.startsWith('src/') && !isSameRoom(room, roomOf(target)) && floorOf(roomOf(target)) >= floorOf(room),
    )
    .map((target) => `${file.path} imports ${target}: ${roomOf(target)} is not below ${room}`);
};

const findForeignImports = (file: SourceFile): string[] =>
  importsOf(file)
    .filter(
      (target) =>
        target.startsWith('bin/') || target.startsWith('test/') || target.startsWith('scripts/') || target.startsWith('bench/'),
    )
    .map((target) => `${file.path} imports ${target}: src/ stands alone`);

const findKeptImports = (file: SourceFile): string[] =>
  importsOf(file).flatMap((target) => {
    const kept = Object.keys(keepers).find(
      (name) => target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`),
    );
    return kept && keepers[kept] !== roomOf(file.path)
      ? [`${file.path} imports ${target}: only ${keepers[kept]} may know it`]
      : [];
  });

const findBanned = (file: SourceFile): string[] =>
  bans
    .filter(
      (ban) =>
        !Object.keys(ban.except).some((place) => file.path === place || (place.endsWith('/') && file.path.startsWith(place))),
    )
    .flatMap((ban) => {
      const found = codeOf(file).match(ban.pattern);
      return found ? [`${file.path} uses "${found[0].trim()}": ${ban.what}`] : [];
    });

const findBadNames = (file: SourceFile): string[] => {
  const words = file.path.replace(/\.ts$/, '').split('/').slice(1);
  const notSnake = words.filter((word) => !/^[a-z0-9]+(?:_[a-z0-9]+)*$/.test(word));
  const drawer = words.filter((word) => drawers.has(word) || word.split('_').at(-1) === 'manager');
  return [
    ...notSnake.map((word) => `${file.path}: "${word}" is not snake_case`),
    ...drawer.map((word) => `${file.path}: "${word}" is a drawer; name what is in it`),
  ];
};

const findGiants = (file: SourceFile): string[] => {
  const lines = file.text.trimEnd().split('\n').length;
  return lines > longestFile ? [`${file.path} has ${lines} lines; the limit is ${longestFile}`] : [];
};

const findMissingOpening = (file: SourceFile): string[] =>
  /^(?:#!.*\n)?(?:\/\/ |\/\*)/.test(file.text) ? [] : [`${file.path} does not open by saying what it is for`];

const laws: { law: string; find: (file: SourceFile) => string[]; broken: SourceFile[] }[] = [
  {
    law: 'imports point strictly down, type imports too',
    find: findUpwardImports,
    broken: [
      { path: 'src/store/a.ts', text: "import { b } from '../records/b.ts';" },
      { path: 'src/store/a.ts', text: "import type {\n  B,\n} from '../http/b.ts';" },
      { path: 'src/oauth/grants/a.ts', text: "export { b } from '../../exchange/b.ts';" },
      { path: 'src/kit/a.ts', text: "const b = await import('../store/b.ts');" },
      { path: 'src/kit/a.ts', text: "new Worker(new URL('../store/b.ts', import.meta.url));" },
      { path: 'src/http/a.ts', text: "import '../instance.ts';" },
      { path: 'src/attic/a.ts', text: '' },
    ],
  },
  {
    law: 'src/ imports nothing of bin/, test/, scripts/ or bench/',
    find: findForeignImports,
    broken: [{ path: 'src/kit/a.ts', text: "import { b } from '../../test/parts/b.ts';" }],
  },
  {
    law: 'one room alone knows a database library, the web framework, the sandbox, the command line',
    find: findKeptImports,
    broken: [
      { path: 'src/records/a.ts', text: "import { DatabaseSync } from 'node:sqlite';" },
      { path: 'src/records/a.ts', text: "import type pg from 'pg';" },
      { path: 'src/oauth/a.ts', text: "import type { FastifyRequest } from 'fastify';" },
      { path: 'src/exchange/a.ts', text: "import multipart from '@fastify/multipart';" },
    ],
  },
  {
    law: 'time, chance and the network come in as arguments, and exports have names',
    find: findBanned,
    broken: [
      { path: 'src/store/a.ts', text: 'const now = Date.now();' },
      { path: 'src/store/a.ts', text: 'const now = new Date();' },
      { path: 'src/store/a.ts', text: `const now = \`at \${Date.now()}\`;` },
      { path: 'src/store/a.ts', text: 'setTimeout(work, 5);' },
      { path: 'src/store/a.ts', text: 'globalThis.setInterval(work, 5);' },
      { path: 'src/store/a.ts', text: 'const spread = Math.random();' },
      { path: 'src/exchange/a.ts', text: "await fetch('https://example.com');" },
      { path: 'src/store/a.ts', text: 'export default {};' },
    ],
  },
  {
    law: 'names are snake_case, and there are no drawers',
    find: findBadNames,
    broken: [
      { path: 'src/store/openStore.ts', text: '' },
      { path: 'src/store/open-store.ts', text: '' },
      { path: 'src/store/helpers.ts', text: '' },
      { path: 'src/utils/text.ts', text: '' },
      { path: 'src/store/pool_manager.ts', text: '' },
    ],
  },
  {
    law: `no file is longer than ${longestFile} lines`,
    find: findGiants,
    broken: [{ path: 'src/store/a.ts', text: 'a;\n'.repeat(301) }],
  },
  {
    law: 'a file opens by saying what it is for',
    find: findMissingOpening,
    broken: [{ path: 'src/store/a.ts', text: 'export {};' }],
  },
];

test('the checks see the source: files, imports, and every room on a floor', () => {
  assert.ok(sources.length >= 30, `saw only ${sources.length} files`);
  const inside = sources.flatMap((file) => importsOf(file).filter((target) => target.startsWith('src/')));
  assert.ok(inside.length >= sources.length, `saw only ${inside.length} imports between ${sources.length} files`);
  const missing = inside.filter((target) => !sources.some((file) => file.path === target));
  assert.deepEqual(missing, [], 'an import leads to a file that was not seen');
  const statements = sources.flatMap((file) => file.text.match(/^(?:import\s|export\s[^;=(]*?\sfrom\s+['"])/gm) ?? []);
  const parsed = sources.flatMap(importsOf);
  assert.ok(parsed.length >= statements.length, `parsed ${parsed.length} of ${statements.length} imports`);
});

test('what is only said in a comment or in quotes breaks no law', () => {
  const text =
    "// Date.now() is not for us\n/** nor\n * import '../http/b.ts' */\nexport const words = 'setTimeout(';\nsocket.setTimeout(5);\n";
  for (const { law, find } of laws) assert.deepEqual(find({ path: 'src/kit/a.ts', text }), [], law);
});

for (const { law, find, broken } of laws) {
  test(law, () => {
    for (const file of broken) assert.ok(find(file).length > 0, `the check is blind to: ${file.path} ${file.text.slice(0, 80)}`);
    const found = sources.flatMap(find);
    assert.deepEqual(found, [], `\n${found.join('\n')}\n`);
  });
}

const faultCodes = (files: SourceFile[]): Set<string> =>
  new Set(
    files.flatMap((file) =>
      [...file.text.matchAll(/\bnew Fault\(\s*[^,()]+,\s*'([a-z0-9_]+(?:\.[a-z0-9_]+)+)'/g)].map((match) => match[1] ?? ''),
    ),
  );

const errorList = join(root, 'docs', 'errors.md');

test('docs/errors.md lists every code a fault has, and no other', {
  skip: existsSync(errorList) ? false : 'not written yet',
}, () => {
  const inSource = faultCodes(sources);
  assert.ok(inSource.size > 0, 'saw no fault at all');
  const text = readFileSync(errorList, 'utf8');
  const missing = [...inSource].filter((code) => !text.includes(`\`${code}\``)).sort();
  assert.deepEqual(missing, [], `docs/errors.md does not name: ${missing.join(', ')}`);
  const rooms = new Set(sources.map((file) => roomOf(file.path).replace(/\.ts$/, '')));
  const listed = [...text.matchAll(/^\|\s*`([a-z0-9_]+)(\.[a-z0-9_.]+)`/gm)].filter((match) => rooms.has(match[1] ?? ''));
  const gone = listed
    .map((match) => `${match[1]}${match[2]}`)
    .filter((code) => !sources.some((file) => file.text.includes(`'${code}'`)));
  assert.deepEqual(gone, [], `docs/errors.md names what no source file has: ${gone.join(', ')}`);
});
