import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '../../functions/aws/ports.ts';
import type { Fault } from '../../functions/core/model/fault.ts';
import type { Plan } from '../../functions/core/model/plan.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { Deadline } from '../../functions/flow/deadline.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';
import { toOperator } from './operator.ts';
import type { ResolvedTarget } from './resolved-target.ts';

/** Who follows a sweep from the terminal. */
export interface Watcher {
  /** Takes the report, of a failed sweep as well. */
  readonly record?: (report: Report) => void;
  readonly approve?: (plan: Plan) => Promise<boolean>;
  /** Where the history lies; left out where there is none. */
  readonly history?: ObjectStore;
  /** Takes what went wrong beside the sweep. */
  readonly fault?: (fault: Fault) => void;
}

/** The parts of a sweep in a terminal: nothing is published or measured, and nothing remembered unless a history is named. */
export function createParts(
  { secrets }: Pick<ResolvedTarget, 'secrets'>,
  deadline: Deadline,
  { record, approve, history, fault }: Watcher = {},
): Deps {
  return {
    secrets,
    notifier: { publish: () => Promise.resolve() },
    history: history ?? null,
    runner: toOperator(),
    telemetry: { record: (report) => record?.(report), fault: (each) => fault?.(each) },
    loadEngine,
    links: {},
    deadline,
    now: Date.now,
    sweepId: randomUUID(),
    ...(approve && { approve }),
  };
}
