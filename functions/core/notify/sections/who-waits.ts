import type { Report, ReportedWait } from '../../model/report.ts';
import { answerOf, evidenceOf, remedyOf, titleOf } from '../../waiting/describe-wait.ts';
import type { Links } from '../links.ts';
import { toLine } from '../../text/to-line.ts';
import { unbroken } from '../../text/to-name.ts';
import { bullet, under } from '../../text/wrap-text.ts';
import type { Section } from './section.ts';
import { toAddress } from './to-address.ts';

const longest = 1_500;

/** People who wait: for whom, since when, what becomes of it, and what to do now. */
export function whoWaits({ waiting }: Report, links: Links): Section {
  const lines = waiting.flatMap(describe);
  if (lines.length > 0) lines.push(...under(`More: ${toAddress(links.docs, 'runbook.md', 'waiting')}`));
  return { heading: 'WHO WAITS, AND FOR WHOM', lines };
}

function describe(wait: ReportedWait): string[] {
  const statements = wait.roots.flatMap(({ remedies }) => remedies);
  return [
    ...bullet(toLine(titleOf(wait), longest)),
    ...under(`Evidence: ${toLine(evidenceOf(wait), longest)}`),
    ...under(`What unleak does: ${toLine(answerOf(wait), longest)}`),
    ...under(`What to do now: ${keepWhole(toLine(remedyOf(wait), longest), statements)}`),
  ];
}

/** A statement to paste stays on one line. */
function keepWhole(text: string, statements: readonly string[]): string {
  return statements.reduce(
    (whole, sql) => whole.replaceAll(toLine(sql, longest), unbroken(toLine(sql, longest))),
    text,
  );
}
