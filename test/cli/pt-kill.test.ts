import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSnapshotFile } from '../../functions/contract/snapshot-file.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { chosenOf } from '../../functions/core/model/plan.ts';
import { toSnapshot } from '../../cli/snapshots/to-snapshot.ts';
import { buildPolicy, type RuleInput } from '../core/build-session.ts';
import { makeFolder } from './folder.ts';
import {
  type ProcessRow,
  type PtKillOptions,
  toArguments,
  toSnapshotData,
  toVerticalText,
  toVictims,
} from './processlist.ts';
import { findDebianTool } from '../servers/debian-tools.ts';
import { runCli } from './run-cli.ts';

const recorded = JSON.parse(
  readFileSync(new URL('fixtures/processlist.json', import.meta.url), 'utf8'),
) as ProcessRow[];

/** The same wish, to pt-kill and to unleak. */
interface Wish {
  readonly says: string;
  readonly ptKill: PtKillOptions;
  readonly rule: Partial<RuleInput>;
}

const wishes: readonly Wish[] = [
  {
    says: 'idle for ten minutes, of these users',
    ptKill: { idleTime: 600, matchUser: /^(?:shop|celery)$/, matchCommand: /^Sleep$/, victims: 'all' },
    rule: { for: '600s', match: { user: ['shop', 'celery'] } },
  },
  {
    says: 'all but the oldest of each user',
    ptKill: { idleTime: 2, groupBy: 'User', victims: 'all-but-oldest' },
    rule: { for: '2s', group: ['user'], keep: { oldest: 1 } },
  },
  {
    says: 'the oldest only',
    ptKill: { idleTime: 60, victims: 'oldest' },
    rule: { for: '60s', most: 1 },
  },
  {
    says: 'the oldest of each database',
    ptKill: { idleTime: 60, groupBy: 'db', victims: 'oldest' },
    rule: { for: '60s', group: ['database'], most: 1 },
  },
  {
    says: 'only groups of at least three',
    ptKill: { idleTime: 60, groupBy: 'User', queryCount: 3, victims: 'all' },
    rule: { for: '60s', group: ['user'], minimum: 3 },
  },
  {
    says: 'groups of at least two, all but the oldest',
    ptKill: { idleTime: 60, groupBy: 'User', queryCount: 2, victims: 'all-but-oldest' },
    rule: { for: '60s', group: ['user'], minimum: 2, keep: { oldest: 1 } },
  },
  {
    says: 'ignore these hosts',
    ptKill: { idleTime: 60, ignoreHost: /^(?:10\.0\.2\.|warehouse\.)/, victims: 'all' },
    rule: { for: '60s', except: { client: ['10.0.2.*', 'warehouse.*'] } },
  },
  {
    says: 'statements in a state of the server',
    ptKill: { busyTime: 5, matchCommand: /^Query$/, matchState: /^Sending data$/, victims: 'all' },
    rule: { state: 'active', for: '5s', match: { serverState: 'Sending data' } },
  },
];

function toChosen(rows: readonly ProcessRow[], rule: Partial<RuleInput>): number[] {
  const parsed = parseSnapshotFile(toSnapshotData(rows));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return chosenOf(decide(toSnapshot(parsed.value), buildPolicy([rule])))
    .map(({ session }) => Number(session.id))
    .sort((a, b) => a - b);
}

const ptKill = findDebianTool('pt-kill');
const hasJq = findDebianTool('jq') !== null;
if (ptKill === null)
  console.warn('pt-kill (percona-toolkit) is not here: the comparison rests on a model of it.');

/** The ids that pt-kill prints a KILL for. */
function askPtKill(rows: readonly ProcessRow[], options: PtKillOptions): number[] {
  const path = makeFolder({ 'processlist.txt': toVerticalText(rows) });
  const given = ['--test-matching', path('processlist.txt'), '--print', ...toArguments(options)];
  const printed = execFileSync('perl', [ptKill?.command ?? '', ...given], { encoding: 'utf8' });
  return [...printed.matchAll(/ KILL (\d+) /g)].map(([, id]) => Number(id)).sort((a, b) => a - b);
}

/** pt-kill picks the oldest of equal times by no rule of its own. */
function withTimesOfTheirOwn(rows: readonly ProcessRow[]): ProcessRow[] {
  const taken = new Set<number>();
  return rows.map((row) => {
    let { Time } = row;
    while (taken.has(Time)) Time += 1;
    taken.add(Time);
    return { ...row, Time };
  });
}

describe('the same victims as pt-kill', () => {
  it.each(wishes)('$says, in a recorded process list', ({ ptKill, rule }) => {
    const victims = toVictims(recorded, ptKill);
    expect(victims.length).toBeGreaterThan(0);
    expect(toChosen(recorded, rule)).toEqual(victims);
  });

  it.each(wishes)('$says, in any process list', ({ ptKill, rule }) => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        expect(toChosen(rows, rule)).toEqual(toVictims(rows, ptKill));
      }),
    );
  });

  it.skipIf(ptKill === null)('all of these, asked of pt-kill itself', { timeout: 60_000 }, () => {
    const samples = fc.sample(anyRows, { seed: 7, numRuns: 8 }).flat();
    const many = withTimesOfTheirOwn(samples.map((row, index) => ({ ...row, Id: 100 + index })));
    for (const { ptKill: options, says, rule } of wishes)
      for (const list of [recorded, many]) {
        const victims = askPtKill(list, options);
        expect(toVictims(list, options), says).toEqual(victims);
        expect(toChosen(list, rule), says).toEqual(victims);
      }
  });

  it.skipIf(ptKill === null)('without --match-command pt-kill takes a running Query, and we do not', () => {
    const options: PtKillOptions = { idleTime: 600, matchUser: /^shop$/, victims: 'all' };
    const victims = askPtKill(recorded, options);
    expect(toVictims(recorded, options)).toEqual(victims);
    const running = recorded.filter(({ User, Command }) => User === 'shop' && Command === 'Query');
    expect(victims).toEqual(expect.arrayContaining(running.map(({ Id }) => Id)));
    expect(toChosen(recorded, { for: '600s', match: { user: 'shop' } })).not.toEqual(victims);
  });

  it.skipIf(!hasJq)(
    'the jq program of docs/reference/snapshot.md makes of a process list what is compared here',
    () => {
      const page = readFileSync(new URL('../../docs/reference/snapshot.md', import.meta.url), 'utf8');
      const program = /jq '([^']+)' processlist\.json/.exec(page)?.[1] ?? '';
      const commands = [
        'Connect',
        'Killed',
        'Quit',
        'Daemon',
        'Binlog Dump GTID',
        'Execute',
        'Query',
        'Sleep',
      ];
      const states = [
        'User lock',
        'Waiting for table metadata lock',
        'Waiting for table flush',
        'Sending data',
      ];
      const rows = commands.flatMap((Command, at) =>
        states.map((State, index) => ({ ...recorded[3], Id: at * 10 + index, Command, State })),
      ) as ProcessRow[];
      const input = JSON.stringify([...recorded, ...rows]);
      const made: unknown = JSON.parse(execFileSync('jq', [program], { input, encoding: 'utf8' }));
      expect(made).toEqual(toSnapshotData([...recorded, ...rows]));
    },
  );

  it('on the command line, with the policy in a file', async () => {
    const path = makeFolder({
      'now.json': toSnapshotData(recorded),
      'policy.yaml':
        'rules: [{ name: idle-shop, state: idle, for: 600s, match: { user: shop } }]\ncaps: { share: 100% }',
    });
    const { out } = await runCli(['simulate', '-p', path('policy.yaml'), '-f', path('now.json'), '--json']);
    const decisions = JSON.parse(out) as { session: { id: string }; verdict: string }[];
    const ended = decisions.filter(({ verdict }) => verdict === 'terminate').map(({ session }) => session.id);
    expect(ended).toEqual(['1203', '1202']);
  });
});

const anyRows: fc.Arbitrary<ProcessRow[]> = fc
  .array(
    fc.record({
      User: fc.constantFrom('shop', 'celery', 'report', 'system user', 'event_scheduler'),
      Host: fc.constantFrom('10.0.1.7:51022', '10.0.2.3:33001', 'localhost', 'warehouse.example:2201'),
      db: fc.constantFrom('orders', 'stock', null),
      Command: fc.constantFrom(
        'Sleep',
        'Sleep',
        'Sleep',
        'Query',
        'Binlog Dump',
        'Daemon',
        'Killed',
        'Connect',
      ),
      State: fc.constantFrom('', 'Sending data', 'executing'),
      Time: fc.constantFrom(0, 2, 3, 60, 61, 600, 601, 7_200),
    }),
    { maxLength: 20, size: 'max' },
  )
  .map((rows) =>
    rows
      // The server's own threads are never asleep as pt-kill understands it: event_scheduler is a daemon.
      .filter((row) => row.User !== 'event_scheduler' || row.Command === 'Daemon')
      .map((row, index) => ({ Id: 100 + index, Info: null, ...row })),
  );
