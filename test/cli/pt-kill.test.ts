import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSnapshotFile } from '../../functions/contract/snapshot-file.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { chosenOf } from '../../functions/core/plan.ts';
import { toSnapshot } from '../../cli/snapshots/to-snapshot.ts';
import { buildPolicy, type RuleInput } from '../core/build-session.ts';
import { makeFolder } from './folder.ts';
import { type ProcessRow, type PtKillOptions, toSnapshotData, toVictims } from './processlist.ts';
import { runCli } from './run-cli.ts';

const recorded = JSON.parse(
  readFileSync(new URL('fixtures/processlist.json', import.meta.url), 'utf8'),
) as ProcessRow[];

/** The same wish, to pt-kill and to unleak. pt-kill's limits are exceeded, ours are reached: --idle-time 600 is for: 601s. */
interface Wish {
  readonly says: string;
  readonly ptKill: PtKillOptions;
  readonly rule: Partial<RuleInput>;
}

const wishes: readonly Wish[] = [
  {
    says: 'idle longer than ten minutes, of these users',
    ptKill: { idleTime: 600, matchUser: /^(?:shop|celery)$/, victims: 'all' },
    rule: { for: '601s', match: { user: ['shop', 'celery'] } },
  },
  {
    says: 'all but the oldest of each user',
    ptKill: { idleTime: 2, groupBy: 'User', victims: 'all-but-oldest' },
    rule: { for: '3s', group: ['user'], keep: { oldest: 1 } },
  },
  {
    says: 'the oldest only',
    ptKill: { idleTime: 60, victims: 'oldest' },
    rule: { for: '61s', most: 1 },
  },
  {
    says: 'the oldest of each database',
    ptKill: { idleTime: 60, groupBy: 'db', victims: 'oldest' },
    rule: { for: '61s', group: ['database'], most: 1 },
  },
  {
    says: 'only groups of at least three',
    ptKill: { idleTime: 60, groupBy: 'User', queryCount: 3, victims: 'all' },
    rule: { for: '61s', group: ['user'], minimum: 3 },
  },
  {
    says: 'groups of at least two, all but the oldest',
    ptKill: { idleTime: 60, groupBy: 'User', queryCount: 2, victims: 'all-but-oldest' },
    rule: { for: '61s', group: ['user'], minimum: 2, keep: { oldest: 1 } },
  },
  {
    says: 'ignore these hosts',
    ptKill: { idleTime: 60, ignoreHost: /^(?:10\.0\.2\.|warehouse\.)/, victims: 'all' },
    rule: { for: '61s', except: { client: ['10.0.2.*', 'warehouse.*'] } },
  },
];

function toChosen(rows: readonly ProcessRow[], rule: Partial<RuleInput>): number[] {
  const parsed = parseSnapshotFile(toSnapshotData(rows));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return chosenOf(decide(toSnapshot(parsed.value), buildPolicy([rule])))
    .map(({ session }) => Number(session.id))
    .sort((a, b) => a - b);
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

  it('on the command line, with the policy in a file', async () => {
    const path = makeFolder({
      'now.json': toSnapshotData(recorded),
      'policy.yaml':
        'rules: [{ name: idle-shop, state: idle, for: 601s, match: { user: shop } }]\ncaps: { share: 100% }',
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
      Command: fc.constantFrom('Sleep', 'Sleep', 'Sleep', 'Query', 'Binlog Dump', 'Daemon'),
      Time: fc.constantFrom(0, 2, 3, 60, 61, 600, 601, 7_200),
    }),
    { maxLength: 20, size: 'max' },
  )
  .map((rows) =>
    rows
      // The server's own threads are never asleep as pt-kill understands it: event_scheduler is a daemon.
      .filter((row) => row.User !== 'event_scheduler' || row.Command === 'Daemon')
      .map((row, index) => ({ Id: 100 + index, State: '', Info: null, ...row })),
  );
