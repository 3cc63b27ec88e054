import { randomUUID } from 'node:crypto';
import type { Plan } from '../../functions/core/plan.ts';
import type { Deadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import type { Aim } from '../aim/aim.ts';

/** The parts of a sweep in a terminal: nothing is published, remembered or measured; the result is told on the screen. */
export function createParts(
  { secrets }: Pick<Aim, 'secrets'>,
  deadline: Deadline,
  approve?: (plan: Plan) => Promise<boolean>,
): Deps {
  return {
    secrets,
    notifier: { publish: () => Promise.resolve() },
    history: null,
    telemetry: { record: () => undefined, fault: () => undefined },
    loadEngine,
    links: {},
    deadline,
    now: Date.now,
    sweepId: randomUUID(),
    ...(approve && { approve }),
  };
}
