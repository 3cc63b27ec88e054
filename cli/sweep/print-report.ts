import { cleanText } from '../../functions/core/text/clean-text.ts';
import { inWords } from '../../functions/core/notify/sections/in-words.ts';
import { toAddress } from '../../functions/core/notify/sections/to-address.ts';
import { whatWentWrong } from '../../functions/core/notify/sections/what-went-wrong.ts';
import { whoWaits } from '../../functions/core/notify/sections/who-waits.ts';
import { toChanges } from '../../functions/core/notify/to-changes.ts';
import type { Report } from '../../functions/core/model/report.ts';
import type { ResolvedTargetWithPolicy } from '../target/resolve-target.ts';
import { nameServer } from '../terminal/name-server.ts';
import { printCapacity } from '../terminal/print-capacity.ts';
import { printDecisions } from '../terminal/print-decisions.ts';
import { lacks } from '../../functions/core/notify/sections/missing-privileges.ts';
import type { Screen } from '../terminal/screen.ts';
import { wrap } from '../terminal/wrap.ts';

/** More than one screen of decisions is nothing that people read. */
const mostDecisions = 60;

/** What a sweep saw and did, for people at a terminal. */
export function printReport(
  screen: Screen,
  report: Report,
  { label, policy }: Pick<ResolvedTargetWithPolicy, 'label' | 'policy'>,
): void {
  const { style } = screen;
  const { target, mode, before, after } = report;
  const what = mode === 'enforce' ? 'Sweep' : 'Dry run';
  const server = nameServer(label, target.engine, target.version);
  screen.print(style.bold(`${what} of ${server} by ${cleanText(policy.label)}`));
  if (before) printCapacity(screen, 'Before', before);
  const waiting = whoWaits(report, {}).lines;
  if (waiting.length > 0) screen.print('', style.red('Who waits, and for whom:'), ...waiting);
  if (report.decisions.length > 0) screen.print('');
  printDecisions(screen, report.decisions, report.outcomes, mostDecisions);
  screen.print('', ...toSummary(report));
  const { lines } = whatWentWrong(report);
  if (lines.length > 0) screen.print('', style.bold('What did not work:'), ...lines);
  if (after) printCapacity(screen, 'After', after);
  printAdvice(screen, report);
}

function toSummary({ outcome, verdicts, results }: Report): string[] {
  const { terminate, cancel, reported, capped, spared, protected: guarded } = verdicts;
  const only = reported > 0 ? `${reported} reported, ` : '';
  const left = `${only}${capped + spared} spared, ${guarded} protected, ${verdicts['no-rule']} unmatched`;
  switch (outcome) {
    case 'locked-out':
      return ['Another sweep of this server is running, so this one did nothing.'];
    case 'would-end':
      return [`Would end ${terminate} and cancel ${cancel}; ${left}. Nothing was touched.`];
    case 'reported':
    case 'quiet':
      return [`Nothing to end: ${left}.`];
    case 'ended':
    case 'incomplete':
    case 'fault':
      return [`${listOf(results)}; ${left}.`];
  }
}

function listOf(results: Report['results']): string {
  return Object.entries(results)
    .map(([result, count]) => `${count} ${result}`)
    .join(', ');
}

/** What the login lacks, and what to change so that it does not leak again. */
function printAdvice(screen: Screen, { missing, findings }: Report): void {
  const { style, columns } = screen;
  for (const { prevents, what, grant } of missing)
    screen.print(
      '',
      style.yellow(`${lacks[prevents]}: ${cleanText(what, 400)}. What is needed:`),
      `  ${cleanText(grant, 1_000)}`,
    );
  const indented = (text: string) => wrap(text, columns - 2).map((line) => `  ${line}`);
  for (const { findings: alike, heading, advice, code } of toChanges(
    findings.filter(({ code: each }) => each !== 'waiting'),
  )) {
    for (const { certainty, title, evidence } of alike)
      screen.print('', style.bold(`${inWords[certainty]}: ${title}`), ...indented(`Evidence: ${evidence}`));
    screen.print(
      ...indented(`${heading}: ${advice}`),
      ...indented(`More: ${toAddress(undefined, 'findings.md', code)}`),
    );
  }
}
