import { expect, test } from 'vitest';
import { judge, type Judgement, type SessionEnd } from '../../bench/chaos/judge.ts';

const end: SessionEnd = {
  ...{ lastSentAt: 1_000, lastAnsweredAt: 1_010, noticedAt: 3_010, loggedInAt: 0, transactions: 1 },
  ...{ waitsFor: null, hasBegun: false },
};

test.each<readonly [string, Partial<SessionEnd>, Judgement]>([
  ['idle for just the threshold', {}, 'right'],
  ['idle for a millisecond less, as far as its clock can tell', { noticedAt: 3_009 }, 'doubtful'],
  ['idle for less than the threshold beyond doubt', { noticedAt: 2_999 }, 'early'],
  ['idle, with a statement on the wire that the server never began', { waitsFor: 'waking' }, 'crossed'],
  ['at work on the statement that ended its pause', { waitsFor: 'waking', hasBegun: true }, 'lost'],
  ['within a transaction', { waitsFor: 'working' }, 'lost'],
])('a session that is ended %s', (_what, change, judgement) => {
  expect(judge({ ...end, ...change }, 2_000)).toBe(judgement);
});
