import type { Report, SweepOutcome } from '../../model/report.ts';
import { toName, unbroken } from '../../text/to-name.ts';
import type { NotificationState } from '../notification-state.ts';
import { fullness } from './headline.ts';
import { formatInstant } from './format-instant.ts';

const past: Readonly<Record<SweepOutcome, string>> = {
  fault: 'a sweep that failed',
  'locked-out': 'a sweep that another one kept out',
  incomplete: 'sessions that could not all be ended',
  ended: 'leaked sessions that were ended',
  reported: 'sessions that the policy only reports',
  'would-end': 'sessions that an enforced sweep would have ended',
  quiet: 'findings that needed a look',
};

/** What happened when the news that people were told last is over. */
export function recoveryHeadline(report: Report, from: NotificationState): string {
  const on = unbroken(`on ${toName(report.target.name)}`);
  const last = `The last notice, of ${unbroken(formatInstant(from.notifiedAt))}, reported ${from.waiting ? 'people who wait' : past[from.outcome]}.`;
  if (from.waiting)
    return `No session waits for a lock ${on} any more, and nothing had to be ended in this sweep. ${last}${fullness(report)}`;
  return `All clear ${on}: nothing had to be ended in this sweep, and nothing is wrong. ${last}${fullness(report)}`;
}
