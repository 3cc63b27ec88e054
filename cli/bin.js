#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { findCompiledProgram } from './start/compiled-program.js';

// First of all: a connection URL in the arguments holds a password, and other users can read them in the process list.
process.title = 'unleak';

// Node.js 22 and newer keep what V8 compiled.
module.enableCompileCache?.();

const { main } = await loadProgram();
await main();

/** The sources are TypeScript. They are compiled when they have changed, and the result is kept. */
async function loadProgram() {
  const compiled =
    findCompiledProgram() ?? (await (await import('./start/compile-program.js')).compileProgram());
  if (compiled !== null) return import(pathToFileURL(compiled).href);
  (await import('tsx/esm/api')).register();
  return import('./unleak.ts');
}
