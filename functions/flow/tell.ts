import type { Telling } from '../contract/event.ts';
import { type Fault, toFault } from '../core/faults.ts';
import { toMessage } from '../core/render/to-message.ts';
import { newsKeyOf, type Told, shouldTell } from '../core/render/to-news.ts';
import type { Report } from '../core/report.ts';
import type { Deps } from './deps.ts';

/** Tells subscribers if there is news, and remembers what was told. A history that cannot be read never hides news:
 *  it is told, and the fault returned; so is a fault of the notifier. */
export async function tell(report: Report, telling: Telling, deps: Deps): Promise<Fault | null> {
  const signal = deps.deadline.tell;
  const faults: Fault[] = [];
  const past = await attempt(() => deps.history?.last(report.target.name, signal) ?? null, faults);
  const now = new Date(deps.now()).toISOString();
  const verdict = shouldTell(report, past, telling, now);
  if (verdict === 'keep-quiet') return faults[0] ?? null;
  const recoveredFrom = verdict === 'tell-recovery' ? past : null;
  const sent = await attempt(() => send(report, recoveredFrom, deps), faults);
  if (sent) {
    const news: Told = { newsKey: newsKeyOf(report), toldAt: now, outcome: report.outcome };
    await attempt(() => deps.history?.remember(report.target.name, news, signal) ?? null, faults);
  }
  return faults[0] ?? null;
}

async function send(report: Report, recoveredFrom: Told | null, deps: Deps): Promise<true> {
  await deps.notifier.publish(toMessage(report, deps.links, recoveredFrom), deps.deadline.tell);
  return true;
}

async function attempt<T>(work: () => Promise<T> | T, faults: Fault[]): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    faults.push(toFault(error, 'tell'));
    return null;
  }
}
