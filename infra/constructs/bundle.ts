import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/* pg and mysql2 are CommonJS and call `require` for Node's own modules, which a module has not. */
const banner = `import{createRequire as unleakRequire}from'node:module';const require=unleakRequire(import.meta.url);`;

/**
 * The functions as Lambda loads them: ES modules for Node.js 24, minified, everything bundled. Without source maps, which were half
 * of the asset and cost 11 ms of each cold start; the names of functions are kept. What is imported
 * only when needed, such as a driver, is a file of its own. Built in memory, so that no path of this machine gets into it.
 */
export function bundle(): { readonly name: string; readonly contents: Uint8Array }[] {
  const { outputFiles } = buildSync({
    entryPoints: ['functions/sweep.ts', 'functions/watch.ts'],
    absWorkingDir: root,
    outdir: join(root, 'cdk.out/functions'),
    write: false,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    chunkNames: '[name]-[hash]',
    banner: { js: banner },
    minify: true,
    keepNames: true, // faults are told by the names of their classes
    alias: { 'iconv-lite': join(root, 'infra/constructs/plain-decoder.js') },
    legalComments: 'none',
    logLevel: 'error',
  });
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
}

/** Writes the bundle into a folder. */
export function writeBundle(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, contents } of bundle()) writeFileSync(join(folder, name), contents);
}

/** Where a layer's files are: under /opt, in this folder. */
export const folderInLayer = 'unleak';

/** The bundle as the asset of a layer, whose hash is that of its content: it changes when the functions do, and only then. */
export function bundledCode(): Code {
  return Code.fromAsset(join(root, 'functions'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'), // never used: esbuild runs here
      local: {
        tryBundle(folder) {
          writeBundle(join(folder, folderInLayer));
          return true;
        },
      },
    },
  });
}
