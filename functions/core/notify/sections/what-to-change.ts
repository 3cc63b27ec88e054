import type { Finding } from '../../findings/finding.ts';
import type { Report } from '../../model/report.ts';
import { countOf } from '../../text/count-of.ts';
import type { Links } from '../links.ts';
import { type Change, toChanges } from '../to-changes.ts';
import { toLine, toProse } from '../../text/to-line.ts';
import { bullet, under } from '../../text/wrap-text.ts';
import { firstFew } from './first-few.ts';
import { inWords } from './in-words.ts';
import type { Section } from './section.ts';
import { toAddress } from './to-address.ts';

/** What fits on the first screen beside the headline. */
const first = 2;
const mostChanges = 8;
const mostAlike = 4;
const longestSentence = 500;
const bySeverity = { critical: 0, warning: 1, info: 2 } as const;
const byCertainty = { certain: 0, likely: 1, possible: 2 } as const;

/** The two gravest findings, for the first screen: what is wrong, how sure that is, its evidence, and what to change. */
export function whatToChange(report: Report, links: Links): Section {
  const lines = rank(report)
    .slice(0, first)
    .flatMap((change) => describeChange(change, links));
  return { heading: 'WHAT TO CHANGE', lines };
}

/** The other findings, the gravest first. */
export function alsoToChange(report: Report, links: Links): Section {
  const changes = rank(report);
  const shown = changes.slice(first, mostChanges);
  const lines = shown.flatMap((change) => describeChange(change, links));
  const hidden = changes.slice(mostChanges).flatMap(({ findings }) => findings).length;
  if (hidden > 0) lines.push(...bullet(`${countOf(hidden, 'lesser finding')} more in the report`));
  return { heading: 'ALSO TO CHANGE', lines };
}

/** The gravest first, and among equals the surest; people who wait have a section of their own. */
function rank({ findings }: Report): readonly Change[] {
  const others = findings.filter(({ code }) => code !== 'waiting');
  return toChanges(
    others.toSorted(
      (a, b) =>
        bySeverity[a.severity] - bySeverity[b.severity] ||
        byCertainty[a.certainty] - byCertainty[b.certainty],
    ),
  );
}

/** The advice stands below the last of those who need it. */
function describeChange({ findings, heading, advice, code }: Change, links: Links): string[] {
  const { shown, hidden } = firstFew(findings, mostAlike);
  const lines = shown.flatMap(describeFinding);
  if (hidden > 0) lines.push(...bullet(`The same of ${hidden} more, who are in the report`));
  return [
    ...lines,
    ...under(`${heading}: ${toLine(advice, longestSentence)}`),
    ...under(`More: ${toAddress(links.docs, 'findings.md', code)}`),
  ];
}

function describeFinding({ severity, certainty, title, evidence }: Finding): string[] {
  const urgency = severity === 'critical' ? ', and critical' : '';
  return [
    ...bullet(`${inWords[certainty]}${urgency}: ${toProse(title, longestSentence)}`),
    ...under(`Evidence: ${toProse(evidence, longestSentence)}`),
  ];
}
