import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { ServerKind } from '../servers/local-server.ts';
import { benchForecast } from './forecast/bench-forecast.ts';
import { fuzzed } from './fuzz/properties.ts';
import { askWhy } from './history/ask-why.ts';
import { killWriters } from './history/kill-writers.ts';
import { runLoad } from './load/run-load.ts';
import { runSpeed } from './speed/run-speed.ts';
import { toPage } from './speed/to-page.ts';
import { runSoak } from './soak/run-soak.ts';
import { runWindow } from './window/run-window.ts';

const help = `npm run bench [-- --engine postgres --sessions 1000 --trials 300 --victims 25 --bystanders 100 --fuzz 30000]
       npm run bench -- --soak 3000 [--crowd 20000]
       npm run bench -- --speed [--sizes 500,1500,3000,5000 --turns 3 --slow 1500]
       npm run bench -- history [--days 90 --targets 100 --ends 10000 --asked 200 --kills 1000]
       npm run bench -- forecast --series FOLDER [--json] [--write docs/measurements/forecast.md]

Every step of a sweep on a server with so many sessions, half of them leaked; then for how long a session that has woken up may
still be ended, by batches of several sizes and by other ways of ending; then the parsers on random input. A 0 leaves a part out.

--soak lets one warm function sweep so often, on a PostgreSQL that seems to have --crowd sessions more, and nothing else: its
memory, descriptors and sockets on the way, and the bytes that it logs in a sweep.

--speed measures the product beside its alternatives, on every engine that is installed, and writes docs/measurements/performance.md.
--slow is the number of sessions that are ended over a round trip of 2.4 ms.

history writes a folder of so many days of so many targets and asks for ends in it, then kills writers in the midst of a write.

forecast replays each series of a folder ({ startsAt, stepSeconds, values } in a .json file) as the connections of a server, as it is
and with leaks, and says how often and how early the forecast speaks. --write makes the page of it.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'postgres' },
    sessions: { type: 'string', default: '1000' },
    trials: { type: 'string', default: '300' },
    victims: { type: 'string', default: '25' },
    bystanders: { type: 'string', default: '100' },
    fuzz: { type: 'string', default: '30000' },
    soak: { type: 'string', default: '0' },
    crowd: { type: 'string', default: '0' },
    speed: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '500,1500,3000,5000' },
    turns: { type: 'string', default: '3' },
    slow: { type: 'string', default: '1500' },
    days: { type: 'string', default: '90' },
    targets: { type: 'string', default: '100' },
    ends: { type: 'string', default: '10000' },
    asked: { type: 'string', default: '200' },
    kills: { type: 'string', default: '1000' },
    series: { type: 'string' },
    json: { type: 'boolean', default: false },
    write: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(help);
else await main();

async function main(): Promise<void> {
  if (values.speed) {
    const load = loadavg()
      .map((each) => each.toFixed(1))
      .join(', ');
    const sizes = values.sizes.split(',').map(Number);
    const order = { sizes, turns: toCount('turns'), slow: { rttMs: 2.4, sessions: toCount('slow') } };
    const result = await runSpeed(order, (line) => console.error(line));
    writeFileSync(new URL('../docs/measurements/performance.md', import.meta.url), toPage(result, load));
    return;
  }
  if (positionals[0] === 'history') {
    const [days, targets, ends, asked] = [
      ...[toCount('days'), toCount('targets'), toCount('ends'), toCount('asked')],
    ] as [number, number, number, number];
    if (asked > 0) console.log('why', await askWhy({ days, targets, ends, asked }));
    if (toCount('kills') > 0) console.log('killed writers', await killWriters(toCount('kills')));
    return;
  }
  const [what, ...more] = positionals;
  if (what === 'forecast') return benchForecast(values);
  if (what !== undefined)
    throw new Error(`${[what, ...more].join(' ')} is no benchmark: expected forecast, or options only`);
  if (toCount('soak') > 0) {
    const { samples, ...rest } = await runSoak({ sweeps: toCount('soak'), crowd: toCount('crowd') });
    console.table(
      samples.map(({ outcomes, ...sample }) => ({ ...sample, outcomes: JSON.stringify(outcomes) })),
    );
    console.log(rest);
    return;
  }
  const kind = toKind(values.engine);
  if (toCount('sessions') > 0)
    console.log(JSON.stringify(await runLoad(kind, toCount('sessions')), toRounded, 2));
  if (toCount('trials') > 0) await printWindow(kind);
  if (toCount('fuzz') === 0) return;
  for (const [what, run] of Object.entries(fuzzed)) {
    run(toCount('fuzz'));
    console.log(`${what}: ${values.fuzz} inputs`);
  }
}

async function printWindow(kind: ServerKind): Promise<void> {
  const [trials, victims, bystanders] = [toCount('trials'), toCount('victims'), toCount('bystanders')];
  console.log(`${kind}: ${trials} trials of ${victims} sessions ended together, ${bystanders} more asleep`);
  const results = await runWindow({ kind, trials, victims, bystanders });
  const ours = results[1]?.endUs ?? NaN;
  console.table(
    results.map(({ way, lost, windowUs, endUs }) => ({
      ...{ way, lost, 'window, microseconds': Math.round(windowUs) },
      'time to end, ratio': Number((endUs / ours).toFixed(2)),
    })),
  );
}

function toRounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 10) / 10 : value;
}

function toCount(
  name: Exclude<keyof typeof values, 'engine' | 'help' | 'speed' | 'sizes' | 'series' | 'json' | 'write'>,
): number {
  const count = Number(values[name]);
  if (Number.isInteger(count) && count >= 0) return count;
  throw new Error(`--${name} ${values[name]} is not a whole number`);
}

function toKind(name: string): ServerKind {
  if (name === 'postgres' || name === 'mysql' || name === 'mariadb') return name;
  throw new Error(`--engine ${name} is none of postgres, mysql, mariadb`);
}
