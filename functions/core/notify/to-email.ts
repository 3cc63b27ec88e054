import type { Report } from '../model/report.ts';
import { capacityLines } from './sections/capacity-lines.ts';
import { describeOccasion } from './sections/describe-occasion.ts';
import { describeProof } from './sections/describe-proof.ts';
import { headline } from './sections/headline.ts';
import { missingPrivileges } from './sections/missing-privileges.ts';
import { recoveryHeadline } from './sections/recovery-headline.ts';
import type { Section } from './sections/section.ts';
import { whatFailed } from './sections/what-failed.ts';
import { alsoToChange, whatToChange } from './sections/what-to-change.ts';
import { whatWasSpared } from './sections/what-was-spared.ts';
import { whatWentWrong } from './sections/what-went-wrong.ts';
import { whereToLook } from './sections/where-to-look.ts';
import { whoLeaks } from './sections/who-leaks.ts';
import { whoWaits } from './sections/who-waits.ts';
import type { Links } from './links.ts';
import { type Occasion, ordinary } from './notification-state.ts';
import { wrapText } from '../text/wrap-text.ts';

/**
 * The notice as plain text: what happened first, then only the sections that have something to say. The first screen answers who,
 * how sure that is and what to change. Every line that
 * shows a text from a server begins with our own words or with two spaces. The occasion says why it is sent.
 */
export function toEmail(report: Report, links: Links = {}, occasion: Occasion = ordinary): string {
  const { recoveredFrom } = occasion;
  const opening = recoveredFrom ? recoveryHeadline(report, recoveredFrom) : headline(report);
  const sections = [
    whoWaits(report, links),
    whatFailed(report, links),
    whatWentWrong(report),
    missingPrivileges(report),
    whatToChange(report, links),
    whoLeaks(report),
    alsoToChange(report, links),
    whatWasSpared(report),
    capacityLines(report),
    whereToLook(report, links),
  ];
  const parts = [
    wrapText(`${opening}${describeProof(report)}${describeOccasion(occasion)}`),
    ...sections.filter(hasLines).map(write),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function hasLines({ lines }: Section): boolean {
  return lines.length > 0;
}

function write({ heading, lines }: Section): string[] {
  return [heading, ...lines];
}
