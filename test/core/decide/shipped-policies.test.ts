import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toConfigurationText } from '../../../cli/init/to-configuration-text.ts';
import { expandPolicy } from '../../../functions/contract/expand-policy.ts';
import type { Policy } from '../../../functions/contract/policy.ts';
import { readConfiguration } from '../../../functions/contract/read-configuration.ts';
import { decide } from '../../../functions/core/decide/decide.ts';
import { chosenOf } from '../../../functions/core/model/plan.ts';
import { buildSessions, buildSnapshot, hour, minute } from '../build-session.ts';

function read(text: string, engine: 'postgres' | 'mysql'): Policy {
  const file = readConfiguration(text);
  if (!file.ok) throw new Error(JSON.stringify(file.problems));
  const [policy] = Object.values(file.value.policies);
  if (!policy) throw new Error('no policy');
  return expandPolicy({ ...policy, caps: { perSweep: 10_000, share: 1 } }, engine);
}

const answers = { host: 'h', port: null, database: null, name: 'n', secret: 's', email: null };
const policies: readonly (readonly [string, Policy])[] = [
  ['unleak.yaml', read(readFileSync('unleak.yaml', 'utf8'), 'postgres')],
  ['unleak init, postgres', read(toConfigurationText({ ...answers, engine: 'postgres' }), 'postgres')],
  ['unleak init, mysql', read(toConfigurationText({ ...answers, engine: 'mysql' }), 'mysql')],
];

/** What a HikariCP pool opens and never needs: at rest since it connected. */
function spares(count: number, openMs: number) {
  return Array.from({ length: count }, (_, index) => ({
    application: 'PostgreSQL JDBC Driver',
    openMs: openMs - index * 1_000,
    stateMs: openMs - index * 1_000 - 20,
  }));
}

function endedOf(policy: Policy, sessions: ReturnType<typeof spares>): number {
  const capacity = { maxConnections: 1_000, reserved: 3, used: sessions.length, limits: [] };
  return chosenOf(decide(buildSnapshot(buildSessions(sessions), { capacity }), policy)).length;
}

describe.each(policies)('%s', (name, policy) => {
  it.each([
    ['minimumIdle 10, just before maxLifetime', 10, 30 * minute],
    ['minimumIdle 30, just before maxLifetime', 30, 30 * minute],
    ['minimumIdle 10 without a maxLifetime', 10, 72 * hour],
  ])('ends nothing of a healthy HikariCP pool: %s', (_what, count, openMs) => {
    expect(endedOf(policy, spares(count, openMs))).toBe(0);
  });

  it('ends what one client opened and never closed, but for ten', () => {
    expect(endedOf(policy, spares(60, 3 * hour))).toBe(50);
  });

  it('ends a blocker that keeps itself alive', () => {
    const blocker = {
      state: 'idle in transaction' as const,
      stateMs: 700,
      transactionMs: minute,
      blocks: [{ id: '9', waitingMs: 11_000 }],
    };
    const [decision] = decide(buildSnapshot(buildSessions([blocker])), policy).decisions;
    expect(decision, name).toMatchObject({ verdict: 'terminate', rule: 'blocker' });
  });
});
