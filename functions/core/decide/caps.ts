import type { Policy } from '../../contract/policy.ts';
import type { Decision } from '../plan.ts';

/** How many sessions one sweep may touch: `perSweep`, and the share of the client sessions seen, rounded down but never under 1. */
export function capOf(caps: Policy['caps'], clientSessions: number): { most: number; says: string } {
  const share = Math.max(1, Math.floor(caps.share * clientSessions + 1e-9));
  if (caps.perSweep <= share) return { most: caps.perSweep, says: `at most ${caps.perSweep} in one sweep` };
  const percent = Number((caps.share * 100).toPrecision(6));
  return { most: share, says: `at most ${percent}% of the ${clientSessions} client sessions in one sweep` };
}

/** Spares, and says so, every chosen session beyond the cap; earlier rules first, longest in its state first. */
export function applyCaps(
  chosen: readonly Decision[],
  caps: Policy['caps'],
  clientSessions: number,
): Decision[] {
  const { most, says } = capOf(caps, clientSessions);
  return chosen.map((decision, index) =>
    index < most
      ? decision
      : { ...decision, verdict: 'capped', reason: `${decision.reason}; spared by the cap: ${says}` },
  );
}
