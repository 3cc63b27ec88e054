#!/usr/bin/env node
import module from 'node:module';
import process from 'node:process';

// First of all: a connection URL in the arguments holds a password, and other users can read them in the process list.
process.title = 'unleak';

// The sources are TypeScript. Node 24 runs them by itself, older ones with tsx; both keep what they compiled.
const [major] = process.versions.node.split('.');
if (Number(major) >= 24) module.enableCompileCache();
else (await import('tsx/esm/api')).register();

const { main } = await import('./unleak.ts');
await main();
