import { defaultNotifySettings, type NotifySettings } from '../contract/event.ts';
import { decide } from '../core/decide/decide.ts';
import { type Fault, toFault } from '../core/model/fault.ts';
import { chosenOf } from '../core/model/plan.ts';
import type { Report } from '../core/model/report.ts';
import { type SweepFacts, toReport } from '../core/to-report.ts';
import { verify } from '../core/verify.ts';
import { act } from './act.ts';
import { askApproval } from './ask-approval.ts';
import type { Deps } from './deps.ts';
import { logIn } from './log-in.ts';
import { snapshotAgain } from './snapshot-again.ts';
import { nameEngine, nameMode, nameTarget, parseSweepEvent } from './parse-sweep-event.ts';
import { notify } from './notify.ts';

/**
 * One sweep of one target: parse event, fetch secret, connect, snapshot, decide, terminate, verify, record, notify. A dry run is
 * the same line without *terminate*, and keeps no other sweep out (decision 74). A fault is recorded and told like other news, and then thrown, so that Lambda counts an error.
 */
export async function runSweep(input: unknown, deps: Deps): Promise<Report> {
  let facts = begin(input, deps);
  let notifySettings = defaultNotifySettings;
  try {
    const event = parseSweepEvent(input);
    notifySettings = event.notifySettings;
    const { warnings, presets } = event.policy;
    facts = { ...facts, mode: event.target.mode, warnings, presets, waitingMs: notifySettings.waitingMs };
    const { control, batchSize } = await logIn(event.target, deps);
    try {
      const lock = await (event.target.mode === 'enforce' ? control.lock() : control.watchLock());
      facts = { ...facts, lock, lockedOut: !lock.isTaken };
      if (lock.isTaken) {
        const before = await control.snapshot();
        facts = { ...facts, before };
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
  return conclude(facts, notifySettings, deps);
}

function begin(input: unknown, deps: Deps): SweepFacts {
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
  };
}

/** Records the whole report first, so that it is in the log whatever becomes of the notice; then tells, then fails if anything did. */
async function conclude(facts: SweepFacts, notifySettings: NotifySettings, deps: Deps): Promise<Report> {
  const [report, failed] = toReportAnyway(facts);
  const { name } = report.target;
  if (failed) deps.telemetry.fault(failed, name);
  deps.telemetry.record(report, deps.now() - Date.parse(facts.startedAt));
  const untold = await notify(report, notifySettings, deps);
  for (const fault of untold) deps.telemetry.fault(fault, name);
  const fault = failed ?? untold[0];
  if (fault) throw fault;
  return report;
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
