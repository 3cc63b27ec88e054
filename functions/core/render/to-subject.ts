import type { Report } from '../report.ts';
import { fitSummary } from './fit-summary.ts';
import { summarize } from './summarize.ts';
import type { Told } from './to-news.ts';

/** SNS wants fewer than 100 characters. */
const longestSubject = 99;

/** The subject of a notice: printable ASCII, 1 to 99 characters, the outcome first; `recoveredFrom` is the news it ends. */
export function toSubject(report: Report, recoveredFrom: Told | null = null): string {
  return fitSummary(summarize(report, recoveredFrom), report.target.name, longestSubject);
}
