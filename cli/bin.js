#!/usr/bin/env node
import process from 'node:process';
import { findCompiledProgram } from './start/compiled-program.js';

// First of all: a connection URL in the arguments holds a password, and other users can read them in the process list.
process.title = 'unleak';

// The sources are TypeScript. They are compiled when they have changed, and the result is kept.
const compiled =
  findCompiledProgram() ?? (await (await import('./start/compile-program.js')).compileProgram());
if (compiled === null) {
  (await import('tsx/esm/api')).register();
  await (await import('./unleak.ts')).main();
} else await (await import('./start/run-compiled.js')).runCompiled(compiled, process.argv[2]);
