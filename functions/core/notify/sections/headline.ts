import type { Report, ReportedGrowth, ReportedWait } from '../../model/report.ts';
import { describeTime } from '../../waiting/describe-wait.ts';
import { countOf, listOf, was } from '../../text/count-of.ts';
import { openWaits } from '../notification-key.ts';
import { isUntouched } from '../is-untouched.ts';
import { type Tally, tallyOf } from '../tally-of.ts';
import { toName, unbroken } from '../../text/to-name.ts';
import { toClock, toPace } from '../../text/pace.ts';
import { toPercent } from '../../text/to-percent.ts';
import { whenOf } from './fault-advice.ts';
import { whatWasTouched } from './what-was-touched.ts';

/** What happened, as one short paragraph. */
export function headline(report: Report): string {
  const waits = openWaits(report);
  const parts = [
    ...(waits.length > 0 ? [waitingFirst(report, waits)] : []),
    ...(report.growing ?? []).slice(0, 1).map((growth) => growingFirst(report, growth)),
    headlineOfSweep(report),
  ];
  return parts.join(' ');
}

function growingFirst(
  { target }: Report,
  { user, application, rate, since, fullAt, certainty }: ReportedGrowth,
) {
  const who = application ? application : user;
  const what = who === null ? 'The number of connections' : toName(who);
  return `${what} grows by ${toPace(rate)} an hour ${unbroken(`on ${toName(target.name)}`)}, since about ${unbroken(toClock(since))}. At this pace the server is full at about ${unbroken(toClock(fullAt))}, ${certainty}.`;
}

function waitingFirst({ target }: Report, waits: readonly ReportedWait[]): string {
  const sessions = waits.reduce((sum, wait) => sum + wait.sessions, 0);
  const [first] = waits;
  const time = first ? `, the first of them for ${describeTime(first)}` : '';
  return `${countOf(sessions, 'session')} ${sessions === 1 ? 'waits' : 'wait'} for a lock ${unbroken(`on ${toName(target.name)}`)}${time}.`;
}

function headlineOfSweep(report: Report): string {
  const on = unbroken(`on ${toName(report.target.name)}`);
  const tally = tallyOf(report);
  switch (report.outcome) {
    case 'fault':
      return faulty(report, on);
    case 'locked-out':
      return `Another session of unleak's own login holds the lock ${on}, most likely another sweep at work, so this one left at once. It looked at nothing and ended nothing.`;
    case 'incomplete':
      return `unleak ${attempt(tally)} ${on}. ${others(tally)}${leftAlone(tally)}${fullness(report)}`;
    case 'ended':
      return `unleak ${deed(tally)} ${on}${tally.done > 0 && report.after ? ', and verification confirmed it' : ''}.${leftAlone(tally)}${fullness(report)}`;
    case 'would-end':
      return `This is a dry run: nothing was touched. An enforced sweep would have ${plan(tally)} ${on}.${fullness(report)}`;
    case 'reported':
      return `${reported(report, on)}${caveat(report)}${fullness(report)}`;
    case 'quiet':
      return quiet(report, on);
  }
}

/** How full the server was and is, as a sentence with a space before it; empty where nothing is known. */
export function fullness({ before, after, outcome }: Report): string {
  if (!before) return '';
  const was = toPercent(before.utilization);
  if (!after) return ` The server ${isUntouched(outcome) ? 'is' : 'was'} ${unbroken(`${was} full`)}.`;
  const is = toPercent(after.utilization);
  return was === is
    ? ` The server is ${unbroken(`${is} full`)}, as before.`
    : ` The server was ${unbroken(`${was} full`)} and is ${unbroken(`${is} full`)} now.`;
}

function faulty(report: Report, on: string): string {
  const when = report.fault ? whenOf(report.fault) : 'in an unknown step';
  return `The sweep ${on} failed ${when}. ${whatWasTouched(report)} The next sweep of the schedule tries again.`;
}

function deed({ chosen, terminated, cancelled }: Tally): string {
  if (terminated + cancelled === 0) return `found ${countOf(chosen, 'session')} to end, and left all alone`;
  return listOf([
    ...(terminated > 0 ? [`ended ${countOf(terminated, 'leaked session')}`] : []),
    ...(cancelled > 0 ? [`cancelled the running statement of ${countOf(cancelled, 'session')}`] : []),
  ]);
}

function attempt({ chosen, done, terminate, cancel }: Tally): string {
  if (cancel === 0) return `ended ${done} of ${countOf(chosen, 'leaked session')}`;
  if (terminate === 0) return `cancelled ${done} of ${countOf(chosen, 'running statement')}`;
  return `dealt with ${done} of ${countOf(chosen, 'session')}`;
}

function others({ done, refused, survived, stillRunning, late, skipped, unverified }: Tally): string {
  const parts: [number, string][] = [
    [refused, `${refused} ${was(refused)} refused by the server`],
    [survived, `${survived} ${was(survived)} still there afterwards`],
    [stillRunning, `${stillRunning} ${was(stillRunning)} still running after a cancel`],
    [late, `${late} ${was(late)} left alone because the server was too busy to be sure`],
    [skipped, `${skipped} ${was(skipped)} not tried for want of time`],
    [unverified, `${unverified} could not be verified`],
  ];
  const words = parts.filter(([count]) => count > 0).map(([, part]) => part);
  return `${done > 0 ? 'Of the others, ' : 'Of these, '}${listOf(words)}.`;
}

function plan({ terminate, cancel }: Tally): string {
  return listOf([
    ...(terminate > 0 ? [`ended ${countOf(terminate, 'session')}`] : []),
    ...(cancel > 0 ? [`cancelled the running statement of ${countOf(cancel, 'session')}`] : []),
  ]);
}

function leftAlone({ left }: Tally): string {
  if (left === 0) return '';
  return left === 1
    ? ' 1 session had gone or was in use again before its turn and was left alone.'
    : ` ${left} sessions had gone or were in use again before their turn and were left alone.`;
}

function reported({ verdicts }: Report, on: string): string {
  const count = verdicts.reported;
  return `unleak reports ${countOf(count, 'session')} ${on} and ended nothing: the policy only reports ${count === 1 ? 'it' : 'them'} (action: report).`;
}

function quiet(report: Report, on: string): string {
  return `Nothing had to be ended ${on}: no session that unleak may touch met a rule.${caveat(report)}${fullness(report)}`;
}

function caveat({ missing }: Report): string {
  if (missing.some(({ prevents }) => prevents === 'seeing'))
    return ' It lacks a privilege, so it may have missed some; see below.';
  if (missing.some(({ prevents }) => prevents === 'ending'))
    return ' It lacks the privilege to end some sessions; see below.';
  return '';
}
