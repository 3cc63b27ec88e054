import { defaultNotifySettings, type NotifySettings } from '../contract/event.ts';
import { decide } from '../core/decide/decide.ts';
import { type Fault, toFault } from '../core/model/fault.ts';
import { chosenOf } from '../core/model/plan.ts';
import type { Report, ReportedAudit } from '../core/model/report.ts';
import { type SweepFacts, toReport } from '../core/to-report.ts';
import { verify } from '../core/verify.ts';
import { act } from './act.ts';
import { askApproval } from './ask-approval.ts';
import type { Deps } from './deps.ts';
import type { Recalled } from './history/recall.ts';
import { observeSweep, remember } from './history/remember.ts';
import { startRecall } from './history/start-recall.ts';
import { toObservation } from './history/to-observation.ts';
import { logIn } from './log-in.ts';
import { snapshotAgain } from './snapshot-again.ts';
import { nameEngine, nameMode, nameTarget, parseSweepEvent, property } from './parse-sweep-event.ts';
import { notify } from './notify.ts';
import { beginAudit, withPolicy, withServer } from './to-audit.ts';

/**
 * One sweep of one target: parse event, fetch secret, connect, snapshot, decide, terminate, verify, record, notify. A dry run is
 * the same line without *terminate*, and keeps no other sweep out (decision 74). A fault is recorded and told like other news, and then thrown, so that Lambda counts an error.
 */
export async function runSweep(input: unknown, deps: Deps): Promise<Report> {
  let facts: SweepFacts & { readonly audit: ReportedAudit } = begin(input, deps);
  const recalling = startRecall(facts.target.name, deps);
  let notifySettings = defaultNotifySettings;
  try {
    const event = parseSweepEvent(input);
    notifySettings = event.notifySettings;
    const { warnings, presets } = event.policy;
    const { waitingMs, nearlyFull } = notifySettings;
    facts = { ...facts, mode: event.target.mode, warnings, presets, waitingMs, nearlyFull };
    facts = { ...facts, audit: withPolicy(facts.audit, event, property(input, 'policy')) };
    const { control, batchSize, server } = await logIn(event.target, deps);
    facts = { ...facts, audit: withServer(facts.audit, server) };
    try {
      const lock = await (event.target.mode === 'enforce' ? control.lock() : control.watchLock());
      facts = { ...facts, lock, lockedOut: !lock.isTaken };
      if (lock.isTaken) {
        const before = await control.snapshot(event.target);
        facts = { ...facts, before, seenAtMs: deps.now() };
        const plan = decide(before, event.policy);
        facts = { ...facts, plan };
        const chosen = chosenOf(plan);
        const isWanted = event.target.mode === 'enforce' && chosen.length > 0;
        const isDeclined = isWanted && !(await askApproval(control, plan, deps.approve));
        if (isDeclined) facts = { ...facts, mode: 'dry-run' };
        else if (isWanted) {
          const { attempts, fault } = await act(control, chosen, batchSize, deps.deadline);
          const again = await snapshotAgain(control, chosen, attempts, deps.deadline);
          const outcomes = verify(chosen, attempts, again.after);
          facts = { ...facts, outcomes, after: again.after, fault: fault ?? again.fault };
        }
      }
    } finally {
      await control.close();
    }
  } catch (error) {
    facts = { ...facts, fault: toFault(error, facts.before ? 'terminate' : 'connect') };
  }
  return conclude(facts, await recalling(), notifySettings, deps);
}

function begin(input: unknown, deps: Deps) {
  return {
    sweepId: deps.sweepId,
    mode: nameMode(input),
    startedAt: new Date(deps.now()).toISOString(),
    target: { name: nameTarget(input), engine: nameEngine(input) },
    lockedOut: false,
    before: null,
    plan: null,
    outcomes: [],
    after: null,
    fault: null,
    audit: beginAudit(deps.runner),
  } as const satisfies SweepFacts;
}

/**
 * Adds the sweep to what is remembered, and records the whole report first, so that it is in the log whatever becomes of the
 * notification. Then notifies, then writes the history, then fails if the sweep or the notification did: a history never fails a sweep.
 */
async function conclude(
  facts: SweepFacts,
  recalled: Recalled | null,
  notifySettings: NotifySettings,
  deps: Deps,
): Promise<Report> {
  const observation = toObservation(facts);
  const { observed, fault: unobserved } = observeSweep(recalled, observation);
  const isKnown = recalled?.history != null && observed !== null;
  const [report, failed] = toReportAnyway({ ...facts, ...(isKnown && { history: observed.history }) });
  const { name } = report.target;
  if (failed) deps.telemetry.fault(failed, name);
  deps.telemetry.record(report, deps.now() - Date.parse(facts.startedAt));
  const told = await notify(report, recalled?.history?.notification ?? null, notifySettings, deps);
  const { notification, remember: notificationState } = told;
  const unwritten =
    recalled === null
      ? []
      : await remember({ report, observation, observed, recalled, notificationState, notification }, deps);
  const forgotten = distinct([recalled?.fault, unobserved, ...unwritten]);
  for (const fault of [...(told.fault ? [told.fault] : []), ...forgotten]) deps.telemetry.fault(fault, name);
  const fault = failed ?? told.fault;
  if (fault) throw fault;
  return report;
}

/** The same trouble when reading and writing is told once. */
function distinct(faults: readonly (Fault | null | undefined)[]): readonly Fault[] {
  const all = faults.filter((fault) => fault != null);
  return all.filter((fault, index) => all.findIndex(({ message }) => message === fault.message) === index);
}

/** A defect in reporting must not hide what was done: the outcomes are then told without what led to them. */
function toReportAnyway(facts: SweepFacts): readonly [Report, Fault | null] {
  try {
    return [toReport(facts), facts.fault];
  } catch (error) {
    const fault = facts.fault ?? toFault(error, 'record');
    return [toReport({ ...facts, before: null, plan: null, after: null, fault }), fault];
  }
}
