import { parseArgs } from 'node:util';
import type { ServerKind } from '../cli/servers/local-server.ts';
import { fuzzed } from './fuzz/properties.ts';
import { runLoad } from './load/run-load.ts';

const help = `npm run bench [-- --engine postgres --sessions 1000 --fuzz 30000]

Every step of a sweep on a server with so many sessions, half of them leaked; then the parsers on random input.`;

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'postgres' },
    sessions: { type: 'string', default: '1000' },
    fuzz: { type: 'string', default: '30000' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(help);
else await main();

async function main(): Promise<void> {
  if (Number(values.sessions) > 0)
    console.log(JSON.stringify(await runLoad(toKind(values.engine), Number(values.sessions)), null, 2));
  for (const [what, run] of Object.entries(fuzzed)) {
    run(Number(values.fuzz));
    console.log(`${what}: ${values.fuzz} inputs`);
  }
}

function toKind(name: string): ServerKind {
  if (name === 'postgres' || name === 'mysql' || name === 'mariadb') return name;
  throw new Error(`--engine ${name} is none of postgres, mysql, mariadb`);
}
