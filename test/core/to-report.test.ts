import { describe, expect, test } from 'vitest';
import { decide } from '../../functions/core/decide/decide.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import { chosenOf } from '../../functions/core/model/plan.ts';
import { type SweepFacts, toReport } from '../../functions/core/to-report.ts';
import { verify } from '../../functions/core/verify.ts';
import { buildPolicy, buildSession, buildSessions, buildSnapshot, minute } from './build-session.ts';

const policy = buildPolicy([{ state: 'idle', for: '10m' }]);
const before = buildSnapshot(buildSessions([{}, {}, { stateMs: minute }, { superuser: true }]));
const plan = decide(before, policy);
const nothing: SweepFacts = {
  sweepId: 'sweep-1',
  mode: 'dry-run',
  startedAt: '2026-01-01T00:00:01.000Z',
  target: { name: 'orders', engine: 'postgres' },
  lockedOut: false,
  before: null,
  plan: null,
  outcomes: [],
  after: null,
  fault: null,
};
const looked: SweepFacts = { ...nothing, before, plan };
const fault = new Fault({
  code: 'connect.lost',
  step: 'terminate',
  message: 'It was cut.',
});

function ended(
  results: readonly ('signalled' | 'gone' | 'changed')[],
  after = buildSnapshot([]),
): SweepFacts {
  const attempts = results.map((result, index) => ({ id: String(index + 1), result }));
  return { ...looked, mode: 'enforce', after, outcomes: verify(chosenOf(plan), attempts, after) };
}

describe('outcome and severity', () => {
  test.each<[string, SweepFacts, string, string]>([
    ['a fault before anything was seen', { ...nothing, fault }, 'fault', 'critical'],
    ['a fault after sessions were ended', { ...ended(['signalled']), fault }, 'fault', 'critical'],
    ['another sweep holds the lock', { ...nothing, lockedOut: true }, 'locked-out', 'info'],
    ['a dry run that chose sessions', looked, 'would-end', 'info'],
    ['all chosen sessions gone', ended(['signalled', 'signalled']), 'ended', 'info'],
    ['one changed, one gone by itself', ended(['changed', 'gone']), 'ended', 'info'],
    ['one was not reached in time', ended(['signalled']), 'incomplete', 'warning'],
    ['one survived', ended(['signalled', 'signalled'], before), 'incomplete', 'warning'],
    [
      'nothing was chosen',
      { ...nothing, before, plan: decide(before, buildPolicy([{ for: '1d' }])) },
      'quiet',
      'info',
    ],
  ])('%s', (_, facts, outcome, severity) => {
    expect(toReport(facts)).toMatchObject({ outcome, severity });
  });
});

test('counts verdicts, lists decisions that some rule speaks of, and counts results', () => {
  const report = toReport(ended(['signalled', 'changed']));
  expect(report.verdicts).toEqual({
    terminate: 2,
    cancel: 0,
    reported: 0,
    capped: 0,
    spared: 0,
    protected: 1,
    'no-rule': 1,
  });
  expect(report.decisions.map(({ session }) => session.id)).toEqual(['1', '2', '4']);
  expect(report.results).toEqual({ terminated: 1, changed: 1 });
});

test('the time is the database clock where it was reached, else our own', () => {
  expect(toReport(looked).at).toBe(before.takenAt);
  expect(toReport(nothing).at).toBe(nothing.startedAt);
});

test('who leaks: one group for user, application, client, database and rule, the capped ones included', () => {
  const capped = decide(before, { ...policy, caps: { perSweep: 1, share: 1 } });
  expect(toReport({ ...looked, plan: capped }).groups).toMatchObject([
    { user: 'app', rule: 'rule-1', sessions: 2 },
  ]);
});

test("the server's own processes count neither as sessions nor as states", () => {
  const snapshot = buildSnapshot([
    buildSession({ kind: 'background', state: null, stateMs: null, user: null }),
  ]);
  const report = toReport({ ...looked, before: snapshot, plan: decide(snapshot, policy) });
  expect(report.verdicts['no-rule']).toBe(0);
  expect(report.before?.states).toEqual({});
});

test('every text of a session is harmless to print', () => {
  const nasty = 'a\u001b[31m\r\nb\u202e';
  const session = buildSession({
    user: nasty,
    database: nasty,
    application: nasty,
    client: nasty,
    statement: nasty,
  });
  const snapshot = buildSnapshot([session], { version: nasty });
  const json = JSON.stringify(toReport({ ...looked, before: snapshot, plan: decide(snapshot, policy) }));
  expect(json).not.toMatch(/\\u001b|\\r|\\n|\u202e/);
});
