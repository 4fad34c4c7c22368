// The install step that makes a start quick: packs `src/` and the packages that it names at once into a few files, so that a start does
// not have to find, read and link fourteen hundred. Where it cannot, a start reads the sources. Plain JavaScript in old syntax.
// Must not fail an installation, nor change what runs: no code is shortened or lowered for an older language.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { manifestName, markOf, packedFolder, root } from './packed.js';

/** What is not code of `src/` and yet decides what is packed. */
const others = ['bin/pack.js', 'package.json', 'package-lock.json', 'tsconfig.json', join('node_modules', '.package-lock.json')];

// A map that maps nothing: stacks need the way back to our own sources only.
const noMap = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from('{"version":3,"sources":[""],"mappings":"A"}').toString('base64')}`;

/** Packages that are loaded when they are first needed stay what they are. @type {import('esbuild').Plugin} */
const leaveLatePackages = {
  name: 'leave late packages',
  setup(build) {
    build.onResolve({ filter: /^[^.]/ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : undefined));
  },
};

/** Files that ask where they are get the answer that they got unpacked. @type {import('esbuild').Plugin} */
const keepPlaces = {
  name: 'keep places',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      // As a way from the packed program, which holds wherever the folder of the repository is moved to.
      const way = relative(packedFolder, path).replaceAll('\\', '/');
      const isOwn = !path.includes(`${sep}node_modules${sep}`);
      const contents = text.replaceAll('import.meta.url', `new URL(${JSON.stringify(way)}, import.meta.url).href`);
      return { contents: isOwn ? contents : contents + noMap, loader: path.endsWith('ts') ? 'ts' : 'js' };
    });
  },
};

const pack = async () => {
  const { build } = await import('esbuild');
  const folder = `${packedFolder}.${process.pid}`;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    conditions: [],
    sourcemap: 'external',
    sourcesContent: false,
    // CommonJS asks for Node's own modules by this name.
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    plugins: [leaveLatePackages, keepPlaces],
    metafile: true,
    logLevel: 'silent',
  });
  const own = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'));
  const paths = own.concat(others);
  writeFileSync(join(folder, manifestName), JSON.stringify({ paths, marks: paths.map(markOf) }));
  rmSync(packedFolder, { recursive: true, force: true });
  renameSync(folder, packedFolder);
};

pack().catch((error) => {
  const [why] = String(error.message).split('\n');
  process.stdout.write(`Causeway was not packed, so that each start reads its sources and takes longer: ${why}\n`);
});
