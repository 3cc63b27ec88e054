import { describeCauses } from '../../functions/core/history/other-causes.ts';
import type { FoundSession } from '../../functions/core/history/explain-end.ts';
import { formatInstant } from '../../functions/core/notify/sections/format-instant.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { countOf } from '../../functions/core/text/count-of.ts';
import { formatDuration } from '../../functions/core/text/format-duration.ts';
import { toId, toName } from '../../functions/core/text/to-name.ts';
import type { Screen } from '../terminal/screen.ts';
import { wrap } from '../terminal/wrap.ts';
import type { Answer } from './answer.ts';

const mostShown = 20;

/** Whether unleak ended the session, by which rule, and who was notified; or what else may have. */
export function printWhy(screen: Screen, answer: Answer): void {
  const { ended, leftAlone, fates } = answer.explained;
  for (const each of ended.slice(0, mostShown)) printEnd(screen, answer, each);
  printMore(screen, ended.length);
  if (ended.length === 0) printNotUs(screen, answer);
  if (ended.length === 0 && leftAlone.length > 0) {
    screen.print('', screen.style.bold('What unleak decided about such sessions:'));
    for (const each of leftAlone.slice(0, mostShown)) printDecision(screen, each);
    printMore(screen, leftAlone.length);
  }
  if (fates.length > 0)
    screen.print('', screen.style.bold('What became of sessions that a rule had chosen:'));
  for (const { id, fate, afterMs, chosenAt, seenAt } of fates.slice(0, mostShown))
    screen.print(
      `  ${toId(id)}  chosen ${formatInstant(chosenAt)}, ${toFate(fate, afterMs)}, seen ${formatInstant(seenAt)}`,
    );
  for (const key of answer.damaged) screen.progress(`${cleanText(key)} cannot be read, and was left out.`);
}

function printEnd(screen: Screen, { target }: Answer, { record, decision, result }: FoundSession): void {
  const { session, rule, reason } = decision;
  const { audit } = record.report;
  const did = result === 'cancelled' ? 'cancelled the statement of' : 'ended';
  screen.print(screen.style.bold(`unleak ${did} session ${toId(session.id)} on ${toName(target)}.`));
  const server = audit?.host ? `${toName(audit.host)}, port ${audit.port ?? '?'}` : 'unknown';
  const policy = audit?.policy
    ? `${toName(audit.policy.name ?? 'a policy without a name')}, ${audit.policy.hash}`
    : 'unknown';
  const { notification } = record;
  const lines: readonly (readonly [string, string])[] = [
    ['when', formatInstant(record.at)],
    ['who', whoOf(decision.session)],
    ['rule', `${toName(rule ?? '')}: ${cleanText(reason, 500)}`],
    ['policy', policy],
    ['result', `${result ?? ''}, as verified`],
    ['server', server],
    [
      'run by',
      audit ? `${toName(audit.ranBy.name)} (${audit.ranBy.kind}), unleak ${audit.version}` : 'unknown',
    ],
    ['sweep', record.sweepId],
    [
      'notified',
      notification === null
        ? 'not sent: it was no news'
        : `${cleanText(notification.subject)}${notification.isSent ? '' : ' (not accepted)'}`,
    ],
  ];
  for (const [name, says] of lines) printLine(screen, name, says);
  screen.print('');
}

function printLine(screen: Screen, name: string, says: string): void {
  const [first = '', ...rest] = wrap(cleanText(says, 1_000), screen.columns - 12);
  screen.print(`  ${name.padEnd(9)} ${first}`, ...rest.map((line) => `${' '.repeat(12)}${line}`));
}

function printNotUs(screen: Screen, { target, span, sweeps, causes }: Answer): void {
  const when = `between ${formatInstant(span.from.replace(/\.\d+Z$/, 'Z'))} and ${formatInstant(span.to.replace(/\.\d+Z$/, 'Z'))}`;
  screen.print(screen.style.bold(`unleak did not end such a session on ${toName(target)} ${when}.`));
  screen.print(
    `${countOf(sweeps, 'recorded sweep')} of that time ${sweeps === 1 ? 'was' : 'were'} read. What else may have:`,
  );
  for (const line of describeCauses(causes))
    screen.print(
      ...wrap(line, screen.columns - 4).map((each, index) => `${index === 0 ? '  - ' : '    '}${each}`),
    );
}

function printDecision(screen: Screen, { record, decision, result }: FoundSession): void {
  const { session, verdict, rule, protection, reason } = decision;
  const by = rule === null ? '' : `, rule ${toName(rule)}`;
  const protect = protection === null ? '' : `, protection ${toName(protection)}`;
  const dry = record.report.mode === 'dry-run' ? ' (a dry run: nothing was touched)' : '';
  screen.print(
    `  ${toId(session.id)}  ${formatInstant(record.at)}  ${verdict}${by}${protect}${result === null ? dry : `, ${result}`}`,
  );
  screen.print(
    ...wrap(`${whoOf(session)}. ${cleanText(reason, 500)}`, screen.columns - 6).map(
      (line) => `      ${line}`,
    ),
  );
}

function whoOf({ user, application, client, database }: FoundSession['decision']['session']): string {
  const parts = [`user ${user === null ? '(unknown)' : toName(user)}`];
  if (application) parts.push(`application ${toName(application)}`);
  if (client) parts.push(`from ${toName(client)}`);
  if (database) parts.push(`database ${toName(database)}`);
  return parts.join(', ');
}

function toFate(fate: string, afterMs: number | null): string {
  if (fate !== 'usedAgain') return fate === 'left' ? 'left on its own' : fate;
  return `used again after ${formatDuration(afterMs ?? 0)} at most`;
}

function printMore(screen: Screen, count: number): void {
  if (count > mostShown)
    screen.print(screen.style.dim(`  … and ${count - mostShown} more; --json has all of them`));
}
