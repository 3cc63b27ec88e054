import { defangName } from '../text/defang.ts';
import type { Report } from '../model/report.ts';
import { fitSummary } from './fit-summary.ts';
import { summarize } from './summarize.ts';
import { toAscii } from '../text/to-ascii.ts';
import { type Occasion, ordinary } from './notification-state.ts';

/** What fits into one SMS in ASCII. */
const longestSms = 140;

/** The notice in one SMS: the subject, and who leaks most where there is room for it. */
export function toSms(report: Report, occasion: Occasion = ordinary): string {
  const line = fitSummary(summarize(report, occasion), report.target.name, longestSms);
  const longer = `${line}${leaker(report)}`;
  return longer.length <= longestSms ? longer : line;
}

function leaker({ groups }: Report): string {
  const [first] = groups;
  if (!first) return '';
  const who = first.application ? first.application : (first.user ?? '');
  const name = defangName(toAscii(who, 64));
  return name === '' ? '' : `. ${groups.length === 1 ? 'All' : 'Most'} by ${name}`;
}
