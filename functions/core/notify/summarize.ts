import type { Report, ReportedGrowth, ReportedWait, SweepOutcome } from '../model/report.ts';
import { describeTime } from '../waiting/describe-wait.ts';
import { countOf } from '../text/count-of.ts';
import { isBlind } from './is-blind.ts';
import { type Tally, tallyOf } from './tally-of.ts';
import { openWaits } from './notification-key.ts';
import { toPercent } from '../text/to-percent.ts';
import { type Occasion, ordinary, type NotificationState } from './notification-state.ts';
import { toClock, toPace } from '../text/pace.ts';
import { toName } from '../text/to-name.ts';
import { troublesOf } from './troubles-of.ts';

/** A line in parts, so that the least needed part can be left out where space is short. */
export interface Summary {
  /** Up to the target's name, the outcome first. */
  readonly lead: string;
  readonly rest: string;
  /** How full the server is; left out first. */
  readonly tail: string;
}

/** One line about a sweep, for subjects and SMS: people who wait come first. */
export function summarize(report: Report, occasion: Occasion = ordinary): Summary {
  const summary = summarizeSweep(report, occasion);
  const waits = openWaits(report);
  const [growing] = report.growing ?? [];
  if (waits.length > 0 && report.outcome !== 'fault') return withWaits(summary, waits);
  if (growing && !troubled.includes(report.outcome)) return withGrowth(summary, growing);
  return occasion.waitIsOver && !occasion.recoveredFrom
    ? { ...summary, rest: `${summary.rest}, no session waits any more` }
    : summary;
}

/** What failed is more urgent than what grows. */
const troubled: readonly SweepOutcome[] = ['fault', 'incomplete'];

function withGrowth({ rest, tail }: Summary, growth: ReportedGrowth): Summary {
  const { application, user } = growth;
  const who = application ? application : (user ?? 'a program');
  const name = application === null && user === null ? 'sessions' : toName(who);
  return {
    lead: `unleak: ${name} grow${name === 'sessions' ? '' : 's'} by ${toPace(growth.rate)}/h on `,
    rest: `, full ${toClock(growth.fullAt)}`,
    tail: `${rest.startsWith(', ') ? rest : ''}${tail}`,
  };
}

/** What else the sweep did has room behind those who wait, where it did something. */
function withWaits({ rest, tail }: Summary, waits: readonly ReportedWait[]): Summary {
  const sessions = waits.reduce((sum, wait) => sum + wait.sessions, 0);
  const [first] = waits;
  const time = first ? `, up to ${describeTime(first)}` : '';
  return {
    lead: `unleak: ${countOf(sessions, 'session')} ${sessions === 1 ? 'waits' : 'wait'} on `,
    rest: `${time}${first ? behind(first, waits.length) : ''}`,
    tail: `${rest.startsWith(', ') ? '' : rest}${tail}`,
  };
}

function behind({ roots: [root], rootCount, circle }: ReportedWait, queues: number): string {
  const more = rootCount + queues > 2 ? ' and others' : '';
  if (!root) return circle.length > 0 ? ' for each other' : ', for whom is not seen';
  if (root.kind === 'session' || root.kind === 'absent') return ` behind session ${root.name}${more}`;
  return ` behind a ${root.kind === 'xa' ? 'XA branch' : 'prepared transaction'}${more}`;
}

function summarizeSweep(report: Report, { recoveredFrom }: Occasion): Summary {
  const tail = fullness(report);
  const prefix = report.mode === 'dry-run' ? 'unleak dry run: ' : 'unleak: ';
  if (recoveredFrom) return recovery(recoveredFrom, tail);
  switch (report.outcome) {
    case 'fault':
      return fault(report);
    case 'locked-out':
      return { lead: 'unleak: skipped ', rest: ', another sweep of it is still running', tail: '' };
    case 'incomplete':
      return { ...incomplete(tallyOf(report)), tail };
    case 'ended':
      return { lead: `${prefix}${deed(tallyOf(report))} on `, rest: '', tail };
    case 'would-end':
      return { lead: `${prefix}would ${plan(tallyOf(report))} on `, rest: '', tail };
    case 'reported':
      return {
        lead: `${prefix}${countOf(report.verdicts.reported, 'session')} reported, nothing to end on `,
        ...{ rest: '', tail },
      };
    case 'quiet':
      return { ...quiet(report, prefix), tail };
  }
}

function recovery(from: NotificationState, tail: string): Summary {
  if (from.outcome === 'fault')
    return { lead: 'unleak: ', rest: ' can be swept again, nothing to end', tail };
  if (from.waiting) return { lead: 'unleak: no session waits any more on ', rest: ', nothing to end', tail };
  return { lead: 'unleak: all clear on ', rest: ', nothing to end', tail };
}

function fault(report: Report): Summary {
  const { done, unverified } = tallyOf(report);
  const code = report.fault?.code ?? 'unknown';
  if (done > 0) return { lead: `unleak: ended ${done} on `, rest: `, then failed: ${code}`, tail: '' };
  if (unverified === 0) return { lead: 'unleak: ', rest: ` could not be swept: ${code}`, tail: '' };
  return { lead: `unleak: failed with ${unverified} unverified on `, rest: `: ${code}`, tail: '' };
}

function incomplete(tally: Tally): Omit<Summary, 'tail'> {
  const verb = tally.terminate === 0 ? 'cancelled' : 'ended';
  const rest = [...troublesOf(tally)].map((trouble) => `, ${trouble}`).join('');
  return { lead: `unleak: ${verb} ${tally.done} of ${tally.chosen} on `, rest };
}

function deed({ terminated, cancelled }: Tally): string {
  const ended = `ended ${countOf(terminated, 'leaked session')}`;
  if (cancelled === 0) return terminated === 0 ? 'nothing left to end' : ended;
  const stopped = `cancelled ${countOf(cancelled, 'statement')}`;
  return terminated === 0 ? stopped : `${ended}, ${stopped}`;
}

function plan({ terminate, cancel }: Tally): string {
  const end = `end ${countOf(terminate, 'session')}`;
  if (cancel === 0) return end;
  const stop = `cancel ${countOf(cancel, 'statement')}`;
  return terminate === 0 ? stop : `${end}, ${stop}`;
}

function quiet(report: Report, prefix: string): Omit<Summary, 'tail'> {
  if (isBlind(report)) return { lead: `${prefix}${inability(report)} on `, rest: ', a privilege is missing' };
  const serious = report.findings.filter(({ severity }) => severity !== 'info').length;
  const rest = serious > 0 ? `, ${countOf(serious, 'finding')}` : '';
  return { lead: `${prefix}nothing to end on `, rest };
}

function inability({ missing }: Report): string {
  const isSeeing = missing.some(({ prevents }) => prevents === 'seeing');
  return isSeeing ? 'cannot see all sessions' : 'cannot end sessions';
}

function fullness({ before, after }: Report): string {
  if (!before) return '';
  const was = toPercent(before.utilization);
  const is = after ? toPercent(after.utilization) : was;
  return was === is ? `, ${was} full` : `, ${was} -> ${is} full`;
}
