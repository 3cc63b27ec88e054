import { createLocalParts } from '../../../cli/demo/local-parts.ts';
import type { ServerKind } from '../../../servers/local-server.ts';
import type { SweepEventInput } from '../../../functions/contract/event.ts';
import { Fault } from '../../../functions/core/model/fault.ts';
import { runSweep } from '../../../functions/flow/run-sweep.ts';
import type { Claim, Hunt, Killer } from './killer.ts';

/** The real line of data, one enforced sweep after the other. */
export function createUnleak(kind: ServerKind): Killer {
  return async (hunt) => {
    const claim = { rounds: 0, ended: 0, spared: 0 };
    hunt.begin();
    while (!hunt.signal.aborted) await sweepOnce(kind, hunt, claim);
    return claim;
  };
}

type Counts = { -readonly [Key in keyof Claim]: number };

async function sweepOnce(kind: ServerKind, { login, thresholdMs }: Hunt, claim: Counts): Promise<void> {
  const { user: username, host, port, password, database: dbname } = login;
  const { deps } = createLocalParts({ username, host, port, password, dbname });
  try {
    const { results } = await runSweep(toEvent(kind, thresholdMs), deps);
    claim.rounds += 1;
    claim.ended += results.terminated ?? 0;
    claim.spared += (results.changed ?? 0) + (results.late ?? 0) + (results['already gone'] ?? 0);
  } catch (error) {
    // On an overloaded machine a login may take too long; nothing was ended then, and the next sweep tries again.
    if (!(error instanceof Fault) || error.step !== 'connect') throw error;
  } finally {
    deps.deadline.end();
  }
}

function toEvent(engine: ServerKind, thresholdMs: number): SweepEventInput {
  return {
    version: 1,
    target: { name: 'chaos', engine, secret: 'chaos', mode: 'enforce', tls: 'off' },
    policy: {
      rules: [{ name: 'leaked', state: 'idle', for: `${thresholdMs}ms`, match: { user: ['shop'] } }],
      caps: { perSweep: 10_000, share: '100%' },
    },
  };
}
