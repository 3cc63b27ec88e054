import { expect, test } from 'vitest';
import { toLoggedLists } from '../../../functions/core/notify/to-log.ts';
import type { Report, ReportedDecision, ReportedOutcome } from '../../../functions/core/model/report.ts';
import { quiet } from './reports.ts';

const session = {
  ...{ id: '1', user: 'shop', database: 'shop', application: 'web', client: '10.0.0.7', state: 'idle' },
  ...{ stateMs: 1_000, openMs: 2_000, transactionMs: 0, statement: 'select ?', blocks: [] },
};

function decisions(count: number, change: Partial<ReportedDecision> = {}): ReportedDecision[] {
  return Array.from({ length: count }, (_each, n) => ({
    session: { ...session, id: String(n), stateMs: n },
    ...{ verdict: 'protected' as const, rule: 'leaked', protection: 'superuser', reason: 'why' },
    ...change,
  }));
}

function listsOf(report: Partial<Report>) {
  return toLoggedLists({ ...quiet, ...report });
}

test('a hundred decisions come one by one, one more comes in groups', () => {
  expect(listsOf({ decisions: decisions(100) })).toMatchObject({
    decisions: { length: 100 },
    decisionGroups: [],
  });
  expect(listsOf({ decisions: decisions(101) })).toMatchObject({
    decisions: [],
    decisionGroups: [{ verdict: 'protected', sessions: 101, longestMs: 100, ids: ['0', '1', '2', '3', '4'] }],
  });
});

test('of many, those that end a session come one by one', () => {
  const all = [...decisions(500), ...decisions(3, { verdict: 'terminate', protection: null })];
  expect(listsOf({ decisions: all })).toMatchObject({
    decisions: { length: 3 },
    decisionGroups: [{ sessions: 500 }],
  });
});

test('groups beyond the fiftieth are counted', () => {
  const all = Array.from({ length: 150 }, (_each, n) =>
    decisions(2).map((each) => ({ ...each, session: { ...session, user: `user${n}` } })),
  ).flat();
  const { decisionGroups, leftOut } = listsOf({ decisions: all });
  expect([decisionGroups.length, leftOut.decisions]).toEqual([50, 200]);
});

test('every session that was ended is in the log by its id', () => {
  const outcomes = Array.from({ length: 2_500 }, (_each, n): ReportedOutcome => ({
    id: String(n),
    rule: 'leaked',
    result: 'terminated',
    code: null,
  }));
  const { outcomeGroups } = listsOf({ outcomes });
  expect(outcomeGroups.map(({ ids }) => ids.length)).toEqual([1_000, 1_000, 500]);
  expect(outcomeGroups.flatMap(({ ids }) => ids)).toEqual(outcomes.map(({ id }) => id));
});
