import { longestSweepMs, sweepMs } from '../../functions/contract/sweep-time.ts';
import type { Mode } from '../../functions/contract/target.ts';
import type { Report } from '../../functions/core/model/report.ts';
import { createDeadline, type Deadline } from '../../functions/flow/deadline.ts';
import { runSweep } from '../../functions/flow/run-sweep.ts';
import type { ResolvedTarget } from '../target/resolved-target.ts';
import { type ResolvedTargetWithPolicy, resolveTargetWithPolicy } from '../target/resolve-target.ts';
import type { ServerOptions } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Console } from '../terminal/console.ts';
import { toJson } from '../terminal/to-json.ts';
import { UsageError } from '../usage-error.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { forget } from '../store/forget.ts';
import { openOwnHistory } from '../store/open-history.ts';
import { openLog } from './open-log.ts';
import { askToEnd } from './ask-to-end.ts';
import { printReport } from './print-report.ts';
import { createParts, type Watcher } from '../target/sweep-parts.ts';

/** The options of `unleak sweep`. */
export interface SweepOptions extends ServerOptions {
  readonly enforce?: true;
  readonly yes?: true;
  readonly waiting?: string;
  readonly history?: string;
  readonly log?: string;
}

/** One sweep, dry unless `--enforce` and a yes; the exit code says whether every chosen session was dealt with. */
export async function sweep(
  name: string | undefined,
  options: SweepOptions,
  console: Console,
): Promise<ExitCode> {
  const asks = options.enforce === true && options.yes !== true;
  if (asks && !console.isInteractive)
    throw new UsageError(
      '--enforce ends sessions and there is no terminal to ask on: add --yes if you mean it.',
    );
  const resolved = await resolveTargetWithPolicy(name, options, console);
  const history = await openOwnHistory(options.history, console);
  const log = options.log === undefined ? null : openLog(options.log);
  const report = await run(
    resolved,
    options.enforce === true,
    {
      record: (made) => {
        if (!isTellingNothing(made)) print(made, resolved, options, console);
        log?.(made);
      },
      ...(history && { history }),
      fault: ({ code, message }) => {
        if (code === 'publish.history') console.screen.progress(cleanText(message, 1_000));
      },
      ...(asks && { approve: askToEnd(console, resolved.label) }),
    },
    console,
    options.waiting,
  );
  await forget(history, resolved, console);
  return toExitCode(report, options.enforce === true);
}

/** A fault is told by itself; what was ended before it must be seen all the same. */
function isTellingNothing({ fault, outcomes }: Report): boolean {
  return fault !== null && outcomes.length === 0;
}

/** What was done to sessions has to be seen. */
function print(
  report: Report,
  resolved: ResolvedTargetWithPolicy,
  options: SweepOptions,
  { screen }: Console,
): void {
  const sure = options.enforce ? { ...screen, print: screen.printSurely } : screen;
  if (options.json) sure.print(toJson(report));
  else printReport(sure, report, resolved);
}

async function run(
  resolved: ResolvedTargetWithPolicy,
  enforce: boolean,
  watcher: Watcher,
  console: Console,
  waiting: string | undefined,
): Promise<Report> {
  const deadline = createDeadline(watcher.approve ? longestSweepMs : sweepMs, Date.now);
  const mode = enforce ? 'enforce' : 'dry-run';
  try {
    const parts = createParts(resolved, interruptible(deadline, mode, console.interrupted), watcher);
    return await runSweep(withWaiting(resolved.toEvent(mode), waiting), parts);
  } finally {
    deadline.end();
  }
}

/** The event as the file gives it, but for what was said on the command line. */
function withWaiting(event: ReturnType<ResolvedTarget['toEvent']>, waiting: string | undefined): object {
  if (waiting === undefined) return event;
  return { ...event, notify: { ...(event['notify'] as object | undefined), waiting } };
}

/** Ctrl-C ends a dry run at once; an enforced sweep begins no other batch, but verifies and tells what it did. */
function interruptible(deadline: Deadline, mode: Mode, interrupted: AbortSignal): Deadline {
  if (mode === 'dry-run') return { ...deadline, work: AbortSignal.any([deadline.work, interrupted]) };
  return { ...deadline, mayAct: () => !interrupted.aborted && deadline.mayAct() };
}

function toExitCode(report: Report, enforce: boolean): ExitCode {
  const isDeclined = enforce && report.outcome === 'would-end';
  return isDeclined || report.outcome === 'incomplete' || report.outcome === 'locked-out'
    ? exitCodes.no
    : exitCodes.fine;
}
