import { parseArgs } from 'node:util';
import type { ServerKind } from '../servers/local-server.ts';
import { findMariadb } from '../servers/mariadb.ts';
import { findMysql } from '../servers/mysql.ts';
import { toChaosLines } from './chaos/print-chaos.ts';
import { wrongIn } from './chaos/judge.ts';
import { type ChaosOrder, runChaos } from './chaos/run-chaos.ts';

const help = `npm run chaos [-- --engine postgres|mysql|mariadb|all --kills 10000 --rtt 2 --sessions 400 --threshold 2000 --others 500 --log --by kill|rds|own --json]

Applications that pause around the policy's threshold judge every end of their sessions by their own clock: those that
unleak made, and those that its alternatives made on the same load. --others 0 leaves the alternatives out. --log also asks
the server's own log of statements (not on MariaDB), which slows down every statement. --by gives
unleak nothing but procedures like RDS's, or those of unleak grants --for, to end sessions by (MySQL and MariaDB). Exits with 1
when unleak ended a session wrongly.`;

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'all' },
    kills: { type: 'string', default: '1000' },
    others: { type: 'string', default: '300' },
    rtt: { type: 'string', default: '0' },
    sessions: { type: 'string', default: '400' },
    threshold: { type: 'string', default: '2000' },
    minutes: { type: 'string', default: '15' },
    log: { type: 'boolean', default: false },
    by: { type: 'string', default: 'kill' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(help);
else await main();

async function main(): Promise<void> {
  const results = [];
  for (const kind of enginesNamed(values.engine)) {
    const result = await runChaos(toOrder(kind), (line) => console.error(line));
    results.push(result);
    if (!values.json) for (const line of toChaosLines(result)) console.log(line);
  }
  if (values.json) console.log(JSON.stringify({ schema: 'unleak.chaos/1', results }, null, 2));
  const ours = results.flatMap(({ phases }) => phases.filter(({ killer }) => killer === 'unleak'));
  if (ours.some(({ tally }) => wrongIn(tally) > 0)) process.exitCode = 1;
}

function toOrder(kind: ServerKind): ChaosOrder {
  return {
    kind,
    sessions: toCount('sessions'),
    thresholdMs: toCount('threshold'),
    rttMs: toCount('rtt'),
    kills: toCount('kills'),
    others: toCount('others'),
    log: values.log,
    by: toWay(values.by),
    mostMs: toCount('minutes') * 60_000,
  };
}

function toWay(name: string): ChaosOrder['by'] {
  if (name === 'kill' || name === 'rds' || name === 'own') return name;
  throw new Error(`--by ${name} is none of kill, rds, own`);
}

function toCount(name: 'sessions' | 'threshold' | 'rtt' | 'kills' | 'others' | 'minutes'): number {
  const count = Number(values[name]);
  if (Number.isFinite(count) && count >= 0) return count;
  throw new Error(`--${name} ${values[name]} is not a number`);
}

function enginesNamed(name: string): readonly ServerKind[] {
  const kinds: readonly ServerKind[] = ['postgres', 'mariadb', 'mysql'];
  if (name === 'all') return kinds.filter(isHere);
  const kind = kinds.find((each) => each === name);
  if (kind === undefined) throw new Error(`--engine ${name} is none of ${kinds.join(', ')}, all`);
  return [kind];
}

function isHere(kind: ServerKind): boolean {
  if (kind === 'postgres') return true;
  return (kind === 'mysql' ? findMysql() : findMariadb()) !== null;
}
