import { defaultNotifySettings, type NotifySettings, type SweepEvent } from '../contract/event.ts';
import type { Step } from '../core/model/fault.ts';
import type { ReportedAudit } from '../core/model/report.ts';
import type { SweepFacts } from '../core/to-report.ts';
import type { Login } from '../engines/engine.ts';
import type { Deps } from './deps.ts';
import { nameEngine, nameMode, nameTarget, property } from './parse-sweep-event.ts';
import { beginAudit, withPolicy, withServer } from './to-audit.ts';

/** What a sweep has learnt so far, so that a fault at any step leaves what came before it. */
export class SweepNotes {
  facts: SweepFacts & { readonly audit: ReportedAudit };
  notifySettings: NotifySettings = defaultNotifySettings;

  /** What is known before the event is read: the names in it, as far as they are names. */
  constructor(input: unknown, { sweepId, now, runner }: Deps) {
    this.facts = {
      ...{ sweepId, startedAt: new Date(now()).toISOString(), audit: beginAudit(runner) },
      ...{ mode: nameMode(input), target: { name: nameTarget(input), engine: nameEngine(input) } },
      ...{ lockedOut: false, before: null, plan: null, outcomes: [], after: null, fault: null },
    };
  }

  add(more: Partial<SweepFacts>): void {
    this.facts = { ...this.facts, ...more, audit: this.facts.audit };
  }

  /** What the event says; `input` is the event as it was written. */
  addEvent(event: SweepEvent, input: unknown): void {
    const { mode } = event.target;
    const { warnings, presets } = event.policy;
    const { waitingMs, nearlyFull } = event.notifySettings;
    this.notifySettings = event.notifySettings;
    this.add({ mode, warnings, presets, waitingMs, nearlyFull });
    this.#addAudit(withPolicy(this.facts.audit, event, property(input, 'policy')));
  }

  /** Which server it is. */
  addServer(server: Pick<Login, 'host' | 'port'>): void {
    this.#addAudit(withServer(this.facts.audit, server));
  }

  /** The step that an error belongs to which does not say so itself. */
  step(): Step {
    if (this.facts.plan) return 'terminate';
    return this.facts.before ? 'decide' : 'connect';
  }

  #addAudit(audit: ReportedAudit): void {
    this.facts = { ...this.facts, audit };
  }
}
