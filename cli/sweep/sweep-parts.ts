import { randomUUID } from 'node:crypto';
import type { Plan } from '../../functions/core/model/plan.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { Deadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import type { ResolvedTarget } from '../target/resolved-target.ts';

/** Who follows a sweep from the terminal. */
export interface Watcher {
  /** Takes the report, of a failed sweep as well. */
  readonly record?: (report: Report) => void;
  readonly approve?: (plan: Plan) => Promise<boolean>;
}

/** The parts of a sweep in a terminal: nothing is published, remembered or measured. */
export function createParts(
  { secrets }: Pick<ResolvedTarget, 'secrets'>,
  deadline: Deadline,
  { record, approve }: Watcher = {},
): Deps {
  return {
    secrets,
    notifier: { publish: () => Promise.resolve() },
    history: null,
    telemetry: { record: (report) => record?.(report), fault: () => undefined },
    loadEngine,
    links: {},
    deadline,
    now: Date.now,
    sweepId: randomUUID(),
    ...(approve && { approve }),
  };
}
