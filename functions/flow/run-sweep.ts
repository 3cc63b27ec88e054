import type { SweepEvent } from '../contract/event.ts';
import { decide } from '../core/decide/decide.ts';
import { toFault } from '../core/model/fault.ts';
import { chosenOf, type Plan } from '../core/model/plan.ts';
import type { Report } from '../core/model/report.ts';
import { verify } from '../core/verify.ts';
import { askApproval } from './ask-approval.ts';
import { conclude } from './conclude.ts';
import type { Deps } from './deps.ts';
import { startRecall } from './history/start-recall.ts';
import { type LoggedIn, logIn } from './log-in.ts';
import { parseSweepEvent } from './parse-sweep-event.ts';
import { SweepNotes } from './sweep-notes.ts';
import { terminate } from './terminate.ts';
import { snapshotUntilGone } from './snapshot-until-gone.ts';

/**
 * One sweep of one target: parse event, fetch secret, connect, snapshot, decide, terminate, verify, record, notify. A dry run is
 * the same line without *terminate*. A fault ends the line: it is recorded and notified like other news, and then thrown, so that
 * Lambda counts an error.
 */
export async function runSweep(input: unknown, deps: Deps): Promise<Report> {
  const notes = new SweepNotes(input, deps);
  const recalling = startRecall(notes.facts.target.name, deps);
  try {
    const event = parseSweepEvent(input);
    notes.addEvent(event, input);
    await sweepServer(event, notes, deps);
  } catch (error) {
    notes.add({ fault: toFault(error, notes.step()) });
  }
  return conclude(notes, await recalling(), deps);
}

async function sweepServer(event: SweepEvent, notes: SweepNotes, deps: Deps): Promise<void> {
  const loggedIn = await logIn(event.target, deps);
  const { control } = loggedIn;
  notes.addServer(loggedIn.server);
  try {
    // A dry run only looks at the lock, so that it keeps no other sweep out (decision 74).
    const lock = await (event.target.mode === 'enforce' ? control.lock() : control.watchLock());
    notes.add({ lock, lockedOut: !lock.isTaken });
    if (!lock.isTaken) return;
    const before = await control.snapshot(event.target);
    notes.add({ before, seenAtMs: deps.now() });
    const plan = decide(before, event.policy);
    notes.add({ plan });
    if (event.target.mode === 'enforce') await enforce(plan, loggedIn, notes, deps);
  } finally {
    await control.close();
  }
}

async function enforce(
  plan: Plan,
  { control, batchSize }: LoggedIn,
  notes: SweepNotes,
  deps: Deps,
): Promise<void> {
  const chosen = chosenOf(plan);
  if (chosen.length === 0) return;
  if (!(await askApproval(control, plan, deps.approve))) {
    notes.add({ mode: 'dry-run' });
    return;
  }
  const { attempts, fault } = await terminate(control, chosen, batchSize, deps.deadline);
  const second = await snapshotUntilGone(control, chosen, attempts, deps.deadline);
  const outcomes = verify(chosen, attempts, second.after);
  notes.add({ outcomes, after: second.after, fault: fault ?? second.fault });
}
