import type { Notifier, ObjectStore, Secrets, Telemetry } from '../aws/ports.ts';
import type { EngineName } from '../contract/target.ts';
import type { Plan } from '../core/model/plan.ts';
import type { Runner } from '../core/model/report.ts';
import type { Links } from '../core/notify/links.ts';
import type { Engine } from '../engines/engine.ts';
import type { Deadline } from './deadline.ts';

/** Everything a sweep needs from outside: who provides it is decided in the composition root only. */
export interface Deps {
  readonly secrets: Secrets;
  readonly notifier: Notifier;
  /** Null: no memory, so subscribers are notified whenever there is news, and nothing is proven. */
  readonly history: ObjectStore | null;
  /** Who or what runs this sweep. */
  readonly runner: Runner;
  readonly telemetry: Telemetry;
  readonly loadEngine: (name: EngineName) => Promise<Engine>;
  readonly deadline: Deadline;
  /** Where notices point to. */
  readonly links: Links;
  /** Epoch milliseconds: for durations and cool-downs only, never for a session's age. */
  readonly now: () => number;
  readonly sweepId: string;
  /** Asks somebody before anything is ended, where there is somebody; a no makes the sweep a dry run. */
  readonly approve?: (plan: Plan) => Promise<boolean>;
}
