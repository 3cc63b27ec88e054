import type { ReportedDecision, ReportedOutcome } from '../../functions/core/model/report.ts';
import type { Result } from '../../functions/core/verify.ts';

/** Decisions that differ in nothing but the session's number and its times. */
export interface AlikeDecisions {
  readonly decisions: readonly [ReportedDecision, ...ReportedDecision[]];
  /** What became of them; null where nothing was done. */
  readonly result: Result | null;
  /** The reason of the longest in its state. */
  readonly reason: string;
}

const duration = /\b\d+(?:ms|[smhd])(?: \d+[smhd])?\b/g;

/** Groups decisions that are alike, in the order of their first. */
export function groupAlikeDecisions(
  decisions: readonly ReportedDecision[],
  outcomes: readonly ReportedOutcome[],
): readonly AlikeDecisions[] {
  const resultOf = new Map(outcomes.map(({ id, result }) => [id, result]));
  const groups = new Map<string, [ReportedDecision, ...ReportedDecision[]]>();
  for (const decision of decisions) {
    const { session, verdict, rule, reason } = decision;
    const result = isChosen(decision) ? resultOf.get(session.id) : undefined;
    const name = session.application || session.user;
    const key = JSON.stringify([verdict, result, rule, name, reason.replace(duration, '')]);
    const group = groups.get(key);
    if (group) group.push(decision);
    else groups.set(key, [decision]);
  }
  return [...groups.values()].map((group) => ({
    decisions: group,
    result: (isChosen(group[0]) ? resultOf.get(group[0].session.id) : undefined) ?? null,
    reason: reasonOf(group),
  }));
}

function isChosen({ verdict }: ReportedDecision): boolean {
  return verdict === 'terminate' || verdict === 'cancel';
}

/** `idle for up to 12m (limit 5m)` where several differ in their time. */
function reasonOf(group: readonly [ReportedDecision, ...ReportedDecision[]]): string {
  const longest = group.reduce((a, b) => ((b.session.stateMs ?? 0) > (a.session.stateMs ?? 0) ? b : a));
  const differ = group.some(({ reason }) => reason !== longest.reason);
  return differ ? longest.reason.replace(/\bfor (?=\d)/, 'for up to ') : longest.reason;
}
