import type { Report } from '../../model/report.ts';
import type { Links } from '../links.ts';
import { toProse } from '../../text/to-line.ts';
import { toOwnName } from '../../text/to-name.ts';
import { bullet, under } from '../../text/wrap-text.ts';
import { adviceOn, whoActs } from './fault-advice.ts';
import type { Section } from './section.ts';
import { toAddress } from './to-address.ts';

/** What failed, who can mend it and how, and where the runbook speaks of it. */
export function whatFailed({ fault }: Report, links: Links): Section {
  if (!fault) return { heading: 'WHAT FAILED', lines: [] };
  const lines = [
    ...bullet(`The fault: ${toProse(fault.message, 800)}`),
    ...bullet(`Who must act: ${whoActs(fault)}`),
    ...bullet(`What to do: ${adviceOn(fault)}`),
    ...bullet(`Code: ${toOwnName(fault.code)}`),
    ...under(`Runbook: ${toAddress(links.docs, 'runbook.md', fault.code)}`),
  ];
  return { heading: 'WHAT FAILED, AND WHAT TO DO', lines };
}
