import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder, manifestFile, manifestVersion, root } from './compiled-program.js';

const oneDayMs = 86_400_000;
/** The manifest is only as good as what npm installed. */
const alsoSources = ['package.json', 'package-lock.json', 'cli/start/compile-program.js'];

/**
 * Compiles the command line and all that it needs into a few files, those that are loaded only when needed apart. Null where
 * the compiler is missing or the folder cannot be written: the sources then run as they are, only slower.
 * @returns {Promise<string | null>}
 */
export async function compileProgram() {
  try {
    const { build, transform } = await import('esbuild');
    const sourcesBefore = Date.now();
    const { outputFiles, metafile } = await build(options);
    const program = write(await Promise.all(outputFiles.map((file) => toScript(transform, file))));
    writeManifest(program, Object.keys(metafile.inputs), sourcesBefore);
    removeOld(program);
    return join(cacheFolder, program);
  } catch {
    return null;
  }
}

/** Sources that look beside themselves for other files are told where they came from. */
const keepPlaces = {
  name: 'keep-places',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = readFileSync(path, 'utf8');
      if (!contents.includes('import.meta.url')) return undefined;
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: contents.replaceAll('import.meta.url', url), loader: 'ts' };
    });
  },
};

const options = {
  entryPoints: [join(root, 'cli/unleak.ts')],
  absWorkingDir: root,
  outdir: cacheFolder,
  write: false,
  metafile: true,
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  chunkNames: '[name]-[hash]',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'silent',
  plugins: [keepPlaces],
};

/** Scripts, since V8's cache of compiled code is for those: modules have none before Node.js 22. */
async function toScript(transform, { path, text }) {
  const supported = { 'dynamic-import': false };
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported,
    minifyWhitespace: true,
  });
  return [basename(path), code];
}

/** Writes beside the final place first: two that start at once each find a whole program, or none. */
function write(scripts) {
  const folder = createHash('sha256').update(JSON.stringify(scripts)).digest('hex').slice(0, 16);
  const place = join(cacheFolder, folder);
  const draft = `${place}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  for (const [name, code] of scripts) writeFileSync(join(draft, name), code);
  try {
    renameSync(draft, place);
  } catch {
    rmSync(draft, { recursive: true }); // it is there already, with the same content
  }
  return `${folder}/unleak.cjs`;
}

function writeManifest(program, inputs, before) {
  const paths = [...new Set([...inputs.filter((path) => !path.startsWith('node_modules/')), ...alsoSources])];
  const sources = paths.flatMap((path) => {
    const source = statSync(join(root, path), { throwIfNoEntry: false });
    return source ? [[path, source.size, source.mtimeMs]] : [];
  });
  // One that was written while it was compiled may have been read before or after.
  if (sources.some(([, , mtimeMs]) => mtimeMs >= before)) return;
  const draft = `${manifestFile}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ version: manifestVersion, program, sources }));
  renameSync(draft, manifestFile);
}

/** A program that still runs may need a file of its folder, so only those of other days go. */
function removeOld(program) {
  for (const name of readdirSync(cacheFolder)) {
    const path = join(cacheFolder, name);
    if (program.startsWith(name) || path === manifestFile) continue;
    if (Date.now() - statSync(path).mtimeMs > oneDayMs) rmSync(path, { recursive: true, force: true });
  }
}
