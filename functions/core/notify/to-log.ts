import type { Report, ReportedDecision, ReportedGroup, ReportedOutcome } from '../model/report.ts';
import { groupBy } from '../group-by.ts';

/** Up to so many decisions, and outcomes, are logged one by one. */
const mostSingly = 100;
const mostGroups = 50;
const mostBlocks = 20;

/** Decisions that are alike: how many, since when at most, and a few of their ids. */
export interface DecisionGroup {
  readonly verdict: string;
  readonly rule: string | null;
  readonly protection: string | null;
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
  readonly state: string | null;
  readonly sessions: number;
  readonly longestMs: number;
  readonly ids: readonly string[];
}

/** Outcomes that are alike, each with its session's id: who ended 4711 must be in the log. */
export interface OutcomeGroup {
  readonly result: string;
  readonly rule: string | null;
  readonly code: string | null;
  readonly ids: readonly string[];
}

/** The lists of a report as a log has them: bounded, whatever the number of sessions. */
export interface LoggedLists {
  readonly groups: readonly ReportedGroup[];
  readonly decisions: readonly ReportedDecision[];
  readonly decisionGroups: readonly DecisionGroup[];
  readonly outcomes: readonly ReportedOutcome[];
  readonly outcomeGroups: readonly OutcomeGroup[];
  /** How many groups and decisions are in none of these lists. */
  readonly leftOut: { readonly groups: number; readonly decisions: number };
}

/**
 * A few decisions one by one. Of many, those that end a session come one by one, the others in groups, the largest first:
 * twenty thousand of them, one by one, were 18 MB in each sweep.
 */
export function toLoggedLists(report: Report): LoggedLists {
  const areFew = report.decisions.length <= mostSingly;
  const singly = areFew ? report.decisions : report.decisions.filter(isChosen).slice(0, mostSingly);
  const state = new Set(singly);
  const all = groupDecisions(report.decisions.filter((decision) => !state.has(decision)));
  const decisionGroups = all.slice(0, mostGroups);
  const groups = report.groups.slice(0, mostGroups);
  const haveFewOutcomes = report.outcomes.length <= mostSingly;
  return {
    groups,
    decisions: singly.map(withFewBlocks),
    decisionGroups,
    outcomes: haveFewOutcomes ? report.outcomes : [],
    outcomeGroups: haveFewOutcomes ? [] : groupOutcomes(report.outcomes),
    leftOut: {
      groups: report.groups.length - groups.length,
      decisions: all.slice(mostGroups).reduce((sum, { sessions }) => sum + sessions, 0),
    },
  };
}

function isChosen({ verdict }: ReportedDecision): boolean {
  return verdict === 'terminate' || verdict === 'cancel';
}

function withFewBlocks(decision: ReportedDecision): ReportedDecision {
  const { session } = decision;
  return { ...decision, session: { ...session, blocks: session.blocks.slice(0, mostBlocks) } };
}

function groupDecisions(decisions: readonly ReportedDecision[]): readonly DecisionGroup[] {
  const alike = [
    ...groupBy(decisions, ({ verdict, rule, protection, session }) =>
      JSON.stringify([
        ...[verdict, rule, protection, session.user],
        ...[session.application, session.client, session.state],
      ]),
    ).values(),
  ];
  return alike.flatMap(toDecisionGroup).sort((a, b) => b.sessions - a.sessions);
}

function toDecisionGroup(decisions: readonly ReportedDecision[]): readonly DecisionGroup[] {
  const [first] = decisions;
  if (!first) return [];
  const { verdict, rule, protection } = first;
  const { user, application, client, state } = first.session;
  const longestMs = decisions.reduce((most, { session }) => Math.max(most, session.stateMs ?? 0), 0);
  const ids = decisions.slice(0, 5).map(({ session }) => session.id);
  const sessions = decisions.length;
  return [{ verdict, rule, protection, user, application, client, state, sessions, longestMs, ids }];
}

function groupOutcomes(outcomes: readonly ReportedOutcome[]): readonly OutcomeGroup[] {
  const alike = [
    ...groupBy(outcomes, ({ result, rule, code }) => JSON.stringify([result, rule, code])).values(),
  ];
  return alike.flatMap((some) => inPieces(some, 1_000).flatMap(toOutcomeGroup));
}

function toOutcomeGroup(outcomes: readonly ReportedOutcome[]): readonly OutcomeGroup[] {
  const [first] = outcomes;
  if (!first) return [];
  const { result, rule, code } = first;
  return [{ result, rule, code, ids: outcomes.map(({ id }) => id) }];
}

function inPieces<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_each, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
