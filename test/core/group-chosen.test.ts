import { expect, test } from 'vitest';
import { commonStatement } from '../../functions/core/group-chosen.ts';
import { buildSessions } from './build-session.ts';

const ofStatements = (...statements: readonly (string | null)[]) =>
  commonStatement(buildSessions(statements.map((statement) => ({ statement }))));

test.each([
  [['COMMIT', 'COMMIT', 'SELECT a'], 'SELECT a'],
  [['COMMIT', 'SELECT a', 'SELECT b', 'SELECT b'], 'SELECT b'],
  [['rollback', 'BEGIN', 'BEGIN'], 'BEGIN'],
  [['SELECT commit'], 'SELECT commit'],
  [[null], null],
])('of %j, %j tells most', (statements, state) => {
  expect(ofStatements(...statements)).toBe(state);
});
