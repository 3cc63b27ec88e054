import { describe, expect, inject, test } from 'vitest';
import { killsIn } from '../../bench/chaos/judge.ts';
import { runChaos } from '../../bench/chaos/run-chaos.ts';

/* The short form of `npm run chaos`: no times are asserted, only what the applications say of their ends. */

const kinds = [...new Set(inject('servers').map(({ kind }) => kind))];

describe.for(kinds)('applications on %s under continuous sweeps', (kind) => {
  test('are ended by the hundred, and none before its threshold', { timeout: 180_000 }, async () => {
    const { phases } = await runChaos(
      { kind, sessions: 100, thresholdMs: 1_000, rttMs: 0, kills: 200, others: 0, mostMs: 60_000 },
      () => undefined,
    );
    const [phase] = phases;
    if (!phase) throw new Error('nothing ran');
    const { judgements, wrong } = phase.tally;
    expect(killsIn(phase.tally)).toBeGreaterThan(50);
    expect(wrong.filter(({ judgement }) => judgement === 'early')).toEqual([]);
    // The microseconds between check and signal remain (docs/safety.md); on a machine out of breath they are more.
    expect(judgements.lost).toBeLessThanOrEqual(killsIn(phase.tally) * 0.01);
  });
});
