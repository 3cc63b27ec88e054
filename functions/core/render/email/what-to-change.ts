import type { Finding } from '../../findings/finding.ts';
import type { Report } from '../../report.ts';
import { countOf } from '../count-of.ts';
import type { Links } from '../links.ts';
import { toLine } from '../to-line.ts';
import { bullet, under } from '../wrap-text.ts';
import { firstFew } from './first-few.ts';
import { inWords } from './in-words.ts';
import type { Section } from './section.ts';
import { toAddress } from './to-address.ts';

const mostFindings = 8;
const longestSentence = 500;
const bySeverity = { critical: 0, warning: 1, info: 2 } as const;

/** The findings, the most severe first: what is wrong, how that shows, and what to change. */
export function whatToChange({ findings }: Report, links: Links): Section {
  const ranked = findings.toSorted((a, b) => bySeverity[a.severity] - bySeverity[b.severity]);
  const { shown, hidden } = firstFew(ranked, mostFindings);
  const lines = shown.flatMap((finding) => describeFinding(finding, links));
  if (hidden > 0) lines.push(...bullet(`${countOf(hidden, 'lesser finding')} more in the report`));
  return { heading: 'WHAT TO CHANGE', lines };
}

function describeFinding(finding: Finding, links: Links): string[] {
  const urgency = finding.severity === 'critical' ? ', and critical' : '';
  return [
    ...bullet(`${inWords[finding.certainty]}${urgency}: ${toLine(finding.title, longestSentence)}`),
    ...under(`How it shows: ${toLine(finding.evidence, longestSentence)}`),
    ...under(`What to do: ${toLine(finding.advice, longestSentence)}`),
    ...under(`More: ${toAddress(links.docs, 'findings.md', finding.code)}`),
  ];
}
