import { defaultTelling, type Telling } from '../contract/event.ts';
import { decide } from '../core/decide/decide.ts';
import { toFault } from '../core/faults.ts';
import { chosenOf } from '../core/plan.ts';
import type { Report } from '../core/report.ts';
import { type SweepFacts, toReport } from '../core/to-report.ts';
import { verify } from '../core/verify.ts';
import { act } from './act.ts';
import type { Deps } from './deps.ts';
import { logIn } from './log-in.ts';
import { lookAgain } from './look-again.ts';
import { nameEngine, nameTarget, parseSweepEvent } from './parse-sweep-event.ts';
import { tell } from './tell.ts';

/**
 * One sweep of one target: parse event, fetch secret, connect, look, decide, act, look again, record, tell. A dry run is
 * the same line without *act*. A fault is recorded and told like other news, and then thrown, so that Lambda counts an error.
 */
export async function runSweep(input: unknown, deps: Deps): Promise<Report> {
  let facts = begin(input, deps);
  let telling = defaultTelling;
  try {
    const event = parseSweepEvent(input);
    telling = event.telling;
    facts = { ...facts, mode: event.target.mode };
    const { control, batchSize } = await logIn(event.target, deps);
    try {
      if (!(await control.lock())) facts = { ...facts, lockedOut: true };
      else {
        const before = await control.look();
        const plan = decide(before, event.policy);
        const chosen = chosenOf(plan);
        facts = { ...facts, before, plan };
        if (event.target.mode === 'enforce' && chosen.length > 0) {
          const { attempts, fault } = await act(control, chosen, batchSize, deps.deadline);
          const again = fault
            ? { after: null, fault }
            : await lookAgain(control, chosen, attempts, deps.deadline);
          facts = { ...facts, ...again, outcomes: verify(chosen, attempts, again.after) };
        }
      }
    } finally {
      await control.close();
    }
  } catch (error) {
    facts = { ...facts, fault: toFault(error, 'parse') };
  }
  return conclude(facts, telling, deps);
}

function begin(input: unknown, deps: Deps): SweepFacts {
  return {
    sweepId: deps.sweepId,
    mode: 'dry-run',
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
async function conclude(facts: SweepFacts, telling: Telling, deps: Deps): Promise<Report> {
  const report = toReport(facts);
  if (facts.fault) deps.telemetry.fault(facts.fault);
  deps.telemetry.record(report, deps.now() - Date.parse(facts.startedAt));
  const untold = await tell(report, telling, deps);
  if (untold) deps.telemetry.fault(untold);
  const fault = facts.fault ?? untold;
  if (fault) throw fault;
  return report;
}
