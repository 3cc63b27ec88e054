import type { Report } from '../model/report.ts';
import { fitSummary } from './fit-summary.ts';
import { summarize } from './summarize.ts';
import { type Occasion, ordinary } from './notification-state.ts';

/** SNS wants fewer than 100 characters. */
const longestSubject = 99;

/** The subject of a notice: printable ASCII, 1 to 99 characters, the outcome first; the occasion says why it is sent. */
export function toSubject(report: Report, occasion: Occasion = ordinary): string {
  return fitSummary(summarize(report, occasion), report.target.name, longestSubject);
}
