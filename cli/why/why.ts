import {
  explainEnds,
  type FoundSession,
  type SessionQuestion,
} from '../../functions/core/history/explain-end.ts';
import { findOtherCauses } from '../../functions/core/history/other-causes.ts';
import { toInstant } from '../../functions/core/text/instants.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { chooseHistoryTarget } from '../store/read-history.ts';
import { openHistory } from '../store/open-history.ts';
import { readRecords, type Span } from '../store/read-records.ts';
import type { Console } from '../terminal/console.ts';
import { toJson } from '../terminal/to-json.ts';
import type { Answer } from './answer.ts';
import { parseAt } from './parse-at.ts';
import { printWhy } from './print-why.ts';

/** The options of `unleak why`. */
export interface WhyOptions {
  readonly target?: string;
  readonly history?: string;
  readonly pid?: string;
  readonly at?: string;
  readonly user?: string;
  readonly application?: string;
  readonly json?: true;
}

/** An application notices an end at its next statement, and sweeps come every few minutes. */
const aroundMs = 15 * 60_000;
const dayMs = 24 * 3_600_000;

/** Says who ended a session: exit code 0 where it was unleak, 1 where it was not. */
export async function why(options: WhyOptions, console: Console): Promise<ExitCode> {
  const store = await openHistory(options.history, console);
  const target = await chooseHistoryTarget(store, options.target, console.interrupted);
  const span = toSpan(options.at, Date.now());
  const { records, damaged } = await readRecords(store, target, span, console.interrupted);
  const explained = explainEnds(records, toQuestion(options));
  const causes = findOtherCauses(records);
  const answer = { target, where: store.where, span, sweeps: records.length, damaged, explained, causes };
  if (options.json) console.screen.print(toJson(toWhyJson(answer)));
  else printWhy(console.screen, answer);
  return explained.ended.length > 0 ? exitCodes.fine : exitCodes.no;
}

function toQuestion({ pid, user, application }: WhyOptions): SessionQuestion {
  return { id: pid ?? null, user: user ?? null, application: application ?? null };
}

/** A quarter of an hour on both sides of an instant; without one, the last day. */
function toSpan(at: string | undefined, nowMs: number): Span {
  const atMs = at === undefined ? null : parseAt(at, nowMs);
  return atMs === null
    ? { from: toInstant(nowMs - dayMs), to: toInstant(nowMs) }
    : { from: toInstant(atMs - aroundMs), to: toInstant(atMs + aroundMs) };
}

function toWhyJson({ target, span, sweeps, damaged, explained, causes }: Answer) {
  return {
    schema: 'unleak.why/1',
    ...{ target, ...span, sweeps, damaged },
    ended: explained.ended.map(toFoundJson),
    leftAlone: explained.leftAlone.map(toFoundJson),
    fates: explained.fates,
    ...causes,
  };
}

function toFoundJson({ record, decision, result, code }: FoundSession) {
  const { at, sweepId, notification, report } = record;
  return {
    at,
    sweepId,
    mode: report.mode,
    ...decision,
    result,
    code,
    notification,
    audit: report.audit ?? null,
  };
}
