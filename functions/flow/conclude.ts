import { type Fault, toFault } from '../core/model/fault.ts';
import type { Report } from '../core/model/report.ts';
import { type SweepFacts, toReport } from '../core/to-report.ts';
import type { Deps } from './deps.ts';
import type { Recalled } from './history/recall.ts';
import { observeSweep, remember } from './history/remember.ts';
import { toObservation } from './history/to-observation.ts';
import { notify } from './notify.ts';
import type { SweepNotes } from './sweep-notes.ts';

/**
 * Records the whole report first, so that it is in the log whatever becomes of the notification. Then notifies, then writes the
 * history. Throws the fault of the sweep or of the notification; a history never fails a sweep.
 */
export async function conclude(
  { facts, notifySettings }: SweepNotes,
  recalled: Recalled | null,
  deps: Deps,
): Promise<Report> {
  const observation = toObservation(facts);
  const { observed, fault: unobserved } = observeSweep(recalled, observation);
  const isKnown = recalled?.history != null && observed !== null;
  const [report, failed] = toReportAnyway({ ...facts, ...(isKnown && { history: observed.history }) });
  const { name } = report.target;
  if (failed) deps.telemetry.fault(failed, name);
  deps.telemetry.record(report, deps.now() - Date.parse(facts.startedAt));
  const past = recalled?.history?.notification ?? null;
  const notified = await notify(report, past, notifySettings, deps);
  const unwritten = recalled
    ? await remember({ report, observation, observed, recalled, notified }, deps)
    : [];
  const forgotten = distinct([recalled?.fault, unobserved, ...unwritten]);
  for (const fault of [notified.fault, ...forgotten]) if (fault) deps.telemetry.fault(fault, name);
  const fault = failed ?? notified.fault;
  if (fault) throw fault;
  return report;
}

/** The same trouble when reading and writing counts once. */
function distinct(faults: readonly (Fault | null | undefined)[]): readonly Fault[] {
  const all = faults.filter((fault) => fault != null);
  return all.filter((fault, index) => all.findIndex(({ message }) => message === fault.message) === index);
}

/** A defect in reporting must not hide what was done: the outcomes are then reported without what led to them. */
function toReportAnyway(facts: SweepFacts): readonly [Report, Fault | null] {
  try {
    return [toReport(facts), facts.fault];
  } catch (error) {
    const fault = facts.fault ?? toFault(error, 'record');
    return [toReport({ ...facts, before: null, plan: null, after: null, fault }), fault];
  }
}
