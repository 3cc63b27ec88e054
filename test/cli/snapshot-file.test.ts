import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSnapshotFile } from '../../functions/contract/snapshot-file.ts';
import type { Policy } from '../../functions/contract/policy.ts';
import { decide } from '../../functions/core/decide/decide.ts';
import { toSnapshot } from '../../cli/snapshots/to-snapshot.ts';
import { toSnapshotFile } from '../../functions/core/to-snapshot-file.ts';
import { find } from '../../functions/core/findings/find.ts';
import { groupChosen } from '../../functions/core/group-chosen.ts';
import type { Session } from '../../functions/core/model/session.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { buildPolicy } from '../core/build-session.ts';
import { anyPolicy, anySnapshot } from '../core/decide/arbitrary.ts';
import { makeFolder } from './folder.ts';
import { runCli } from './run-cli.ts';

function read(session: object, more: object = {}): Session {
  const parsed = parseSnapshotFile({
    schema: 'unleak.snapshot/1',
    engine: 'mysql',
    sessions: [session],
    ...more,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const [only] = toSnapshot(parsed.value).sessions;
  if (!only) throw new Error('no session');
  return only;
}

describe('what a snapshot file leaves out', () => {
  const session = read({
    id: 7,
    user: 'app',
    client: '10.0.0.7',
    database: 'shop',
    state: 'idle',
    stateMs: '1h',
  });

  it('is ordinary where most sessions are alike', () => {
    expect(session).toMatchObject({
      ...{
        id: '7',
        kind: 'client',
        superuser: false,
        listening: false,
        backingUp: false,
        advisoryLock: false,
      },
      ...{ blocks: [], transactionMs: 0 },
    });
  });

  it('is unknown where sessions differ', () => {
    expect(session).toMatchObject({ application: null, openMs: null, statement: null });
    expect(read({ id: 7 })).toMatchObject({ user: null, state: null, stateMs: null, transactionMs: null });
  });

  it('so a line of a process list is enough to be ended by a rule, and null spares', () => {
    const policy = buildPolicy([{ for: '10m' }]);
    const verdict = (more: object) => {
      const filed = { id: 7, user: 'app', state: 'idle', stateMs: 3_600_000, ...more };
      const file = { schema: 'unleak.snapshot/1', engine: 'mysql', sessions: [filed] };
      const parsed = parseSnapshotFile(file);
      return parsed.ok ? decide(toSnapshot(parsed.value), policy).decisions[0]?.verdict : parsed.problems;
    };
    expect(verdict({})).toBe('terminate');
    expect(verdict({ superuser: null })).toBe('protected');
    expect(verdict({ advisoryLock: null })).toBe('protected');
    expect(verdict({ kind: 'replication' })).toBe('protected');
    expect(verdict({ user: undefined })).toBe('protected');
    expect(verdict({ stateMs: null })).toBe('protected');
  });

  it('of the guards is unknown, as in files saved before there were any', () => {
    const parse = (more: object) => {
      const parsed = parseSnapshotFile({
        schema: 'unleak.snapshot/1',
        engine: 'mysql',
        sessions: [],
        ...more,
      });
      return parsed.ok ? toSnapshot(parsed.value).guards : parsed.problems;
    };
    expect(parse({})).toBeUndefined();
    expect(parse({ guards: { limitsMs: { wait_timeout: '8h' } } })).toEqual({
      limitsMs: { wait_timeout: 28_800_000 },
      exempt: [],
    });
  });

  it('of the capacity puts no rule with utilization in force', () => {
    const policy = buildPolicy([{ for: '1s', utilization: { above: '1%' } }]);
    const filed = { id: 7, user: 'app', state: 'idle', stateMs: '1h' };
    for (const [capacity, verdict] of [
      [undefined, 'no-rule'],
      [{ maxConnections: 10 }, 'terminate'],
    ] as const) {
      const parsed = parseSnapshotFile({
        schema: 'unleak.snapshot/1',
        engine: 'mysql',
        sessions: [filed],
        capacity,
      });
      expect(parsed.ok && decide(toSnapshot(parsed.value), policy).decisions[0]?.verdict).toBe(verdict);
    }
  });

  it('never lets a literal through', () => {
    const statement = "SELECT * FROM card WHERE number = '4111' AND pin = 12";
    expect(read({ id: 1, statement }).statement).toBe('SELECT * FROM card WHERE number = ? AND pin = ?');
  });
});

function findingsOf(snapshot: Snapshot, policy: Policy) {
  const plan = decide(snapshot, policy);
  return find({ snapshot, plan, groups: groupChosen(plan.decisions) });
}

describe('a snapshot saved and read again', () => {
  it('is the same, so that every decision about it is', () => {
    fc.assert(
      fc.property(anySnapshot, anyPolicy, (snapshot, policy) => {
        const parsed = parseSnapshotFile(JSON.parse(JSON.stringify(toSnapshotFile(snapshot))));
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems[0]));
        const again = toSnapshot(parsed.value);
        expect(again).toEqual(snapshot);
        expect(decide(again, policy)).toEqual(decide(snapshot, policy));
        expect(findingsOf(again, policy)).toEqual(findingsOf(snapshot, policy));
      }),
    );
  });
});

describe('a snapshot file with mistakes', () => {
  it.each([
    [{ schema: 'unleak.snapshot/2' }, 'schema: "unleak.snapshot/2" found, expected "unleak.snapshot/1"'],
    [{ engine: 'oracle' }, 'engine: "oracle" found, expected one of: postgres | mysql | mariadb'],
    [{ sessions: [{ id: 'x' }] }, 'sessions[0].id: "x" found, expected the number of the session'],
    [
      { sessions: [{ id: 1 }, { id: '1' }] },
      'sessions[1].id: "1" found, expected a number no other session has',
    ],
    [{ sessions: [{ id: 1, state: 'Sleep' }] }, 'sessions[0].state: "Sleep" found, expected one of: idle |'],
    [{ sessions: [{ id: 1, stateMs: 'long' }] }, 'sessions[0].stateMs: "long" found, expected milliseconds'],
    [{ sessions: [{ id: 1, stateMs: -1 }] }, 'sessions[0].stateMs: -1 found, expected milliseconds'],
    [{ sessions: [{ id: 1, time: 3 }] }, 'sessions[0].time: unknown key, expected one of: id, kind, user'],
    [{ guards: { limitsMs: { wait: 3 } } }, 'guards.limitsMs.wait: '],
    [
      { guards: { limitsMs: { wait_timeout: 'long' } } },
      'guards.limitsMs.wait_timeout: "long" found, expected',
    ],
    [{ takenAt: 'yesterday' }, 'takenAt: "yesterday" found, expected a time such as'],
    [
      { capacity: { maxConnections: 0 } },
      'capacity.maxConnections: 0 found, expected a whole number, 1 or more',
    ],
  ])('%j', async (wrong, says) => {
    const path = makeFolder({
      'policy.yaml': 'rules: [{ name: a, state: idle, for: 10m }]',
      'now.json': { schema: 'unleak.snapshot/1', engine: 'postgres', sessions: [], ...wrong },
    });
    const run = await runCli(['simulate', '-p', path('policy.yaml'), '-f', path('now.json')]);
    expect(run).toMatchObject({ code: 2, out: '' });
    expect(run.err).toContain(says);
  });

  it('that is not JSON, or not there, is a usage error', async () => {
    const path = makeFolder({
      'policy.yaml': 'rules: [{ name: a, state: idle, for: 10m }]',
      'now.json': '{',
    });
    const args = ['simulate', '-p', path('policy.yaml'), '-f'];
    expect(await runCli([...args, path('now.json')])).toMatchObject({ code: 2 });
    expect(await runCli([...args, path('none.json')])).toMatchObject({ code: 2 });
  });
});
