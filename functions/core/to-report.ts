import type { Preset } from '../contract/preset.ts';
import type { Mode } from '../contract/target.ts';
import { cleanText } from './text/clean-text.ts';
import type { Fault } from './model/fault.ts';
import { find } from './findings/find.ts';
import { findSweepLock } from './findings/sweep-lock.ts';
import { type ChosenGroup, commonStatement, commonTags, groupChosen, longestMs } from './group-chosen.ts';
import type { Decision, Plan, Verdict } from './model/plan.ts';
import type { Severity } from './model/severity.ts';
import type {
  Report,
  ReportedAudit,
  ReportedCapacity,
  ReportedDecision,
  ReportedFault,
  ReportedGroup,
  SweepOutcome,
} from './model/report.ts';
import { type Snapshot, utilizationOf } from './model/snapshot.ts';
import type { SweepLock } from './sweep-lock.ts';
import { toReportedSession } from './to-reported-session.ts';
import { growingNow } from './history/growth/follow-growth.ts';
import { toReportedGrowth } from './history/growth/to-reported-growth.ts';
import type { History } from './history/history.ts';
import { toReportedProof } from './history/to-reported-proof.ts';
import type { Outcome, Result } from './verify.ts';
import { toWaits } from './waiting/to-waits.ts';

/** Everything a sweep came to know; what it did not reach is null or empty. */
export interface SweepFacts {
  readonly sweepId: string;
  readonly mode: Mode;
  /** unleak's own clock, ISO 8601, for a sweep that never reached the database's. */
  readonly startedAt: string;
  readonly target: { readonly name: string; readonly engine: string };
  readonly lockedOut: boolean;
  /** Who else was there when the lock was taken, or was not; left out where the sweep did not come to it. */
  readonly lock?: SweepLock;
  readonly before: Snapshot | null;
  /** When that was, epoch milliseconds by unleak's own clock. */
  readonly seenAtMs?: number;
  readonly plan: Plan | null;
  /** What the policy's rules may do that nobody wants. */
  readonly warnings?: readonly string[];
  /** What the policy says of the programs it speaks of. */
  readonly presets?: readonly Preset[];
  /** From when on it is news that people wait for a lock, in milliseconds; 30 s where nobody says. */
  readonly waitingMs?: number;
  /** From which part of the slots taken on a server is nearly full; 80% where nobody says. */
  readonly nearlyFull?: number;
  readonly outcomes: readonly Outcome[];
  readonly after: Snapshot | null;
  readonly fault: Fault | null;
  readonly audit?: ReportedAudit;
  /** What is remembered, this sweep included; left out where nothing is. */
  readonly history?: History;
}

/** The report of a sweep; every text in it is harmless to print. */
export function toReport(facts: SweepFacts): Report {
  const { before, plan } = facts;
  const decisions = plan?.decisions ?? [];
  const groups = groupChosen(decisions);
  const waits = before ? toWaits({ ...facts, before }) : [];
  const { history } = facts;
  const growing = history ? growingNow(history) : [];
  const refills = history?.ledger.refills ?? [];
  const ofSnapshot =
    before && plan ? find({ ...facts, snapshot: before, plan, groups, waits, refills, growing }) : [];
  const proof = history && toReportedProof(history, facts);
  const findings = [...(facts.lock ? findSweepLock(facts.lock) : []), ...ofSnapshot];
  const outcome = outcomeOf(facts);
  const severities = [severityOf(outcome), ...findings.map((finding) => finding.severity)];
  return {
    schema: 'unleak.report/1',
    sweepId: facts.sweepId,
    mode: facts.mode,
    outcome,
    severity: worst(severities),
    at: before?.takenAt ?? facts.startedAt,
    target: {
      name: facts.target.name,
      engine: before?.engine ?? facts.target.engine,
      version: before && cleanText(before.version, 64),
    },
    before: before && toCapacity(before),
    after: facts.after && toCapacity(facts.after),
    verdicts: countVerdicts(decisions),
    results: countResults(facts.outcomes),
    waiting: waits,
    groups: groups.map(toGroup),
    decisions: decisions.filter((decision) => decision.verdict !== 'no-rule').map(toDecision),
    outcomes: facts.outcomes.map(({ session, rule, result, code }) => ({
      id: session.id,
      rule,
      result,
      code,
    })),
    findings,
    missing: before?.missing ?? [],
    fault: facts.fault && toReportedFault(facts.fault),
    ...(facts.audit && { audit: facts.audit }),
    ...(proof && { proof }),
    ...(growing.length > 0 && { growing: growing.map(toReportedGrowth) }),
  };
}

function outcomeOf({ fault, lockedOut, plan, outcomes, mode }: SweepFacts): SweepOutcome {
  if (fault) return 'fault';
  if (lockedOut) return 'locked-out';
  const decisions = plan?.decisions ?? [];
  const chosen = decisions.some(({ verdict }) => verdict === 'terminate' || verdict === 'cancel');
  if (!chosen) return decisions.some(({ verdict }) => verdict === 'reported') ? 'reported' : 'quiet';
  if (mode === 'dry-run') return 'would-end';
  const incomplete: readonly Result[] = [
    'refused',
    'survived',
    'still running',
    'late',
    'skipped',
    'unverified',
  ];
  return outcomes.some(({ result }) => incomplete.includes(result)) ? 'incomplete' : 'ended';
}

function severityOf(outcome: SweepOutcome): Severity {
  switch (outcome) {
    case 'fault':
      return 'critical';
    case 'incomplete':
      return 'warning';
    case 'locked-out':
    case 'ended':
    case 'would-end':
    case 'reported':
    case 'quiet':
      return 'info';
  }
}

function worst(severities: readonly Severity[]): Severity {
  return (['critical', 'warning'] as const).find((severity) => severities.includes(severity)) ?? 'info';
}

/** The slots of a snapshot as reports and screens show them. */
export function toCapacity(snapshot: Snapshot): ReportedCapacity {
  const { maxConnections, reserved, used, limits } = snapshot.capacity;
  const clients = snapshot.sessions.filter((session) => session.kind === 'client');
  const states: Record<string, number> = {};
  for (const { state } of clients) states[state ?? 'unknown'] = (states[state ?? 'unknown'] ?? 0) + 1;
  const idle = clients.filter((session) => session.state === 'idle');
  return {
    maxConnections,
    reserved,
    used,
    utilization: Math.round(utilizationOf(snapshot.capacity) * 10_000) / 10_000,
    states,
    longestIdleMs: idle.length === 0 ? null : longestMs(idle),
    limits: limits.map((limit) => ({ ...limit, name: cleanText(limit.name, 64) })),
  };
}

/** The server's own processes, which no rule speaks of, are nobody's sessions. */
function countVerdicts(decisions: readonly Decision[]): Record<Verdict, number> {
  const counts = { terminate: 0, cancel: 0, reported: 0, capped: 0, spared: 0, protected: 0, 'no-rule': 0 };
  for (const { verdict, session } of decisions)
    if (verdict !== 'no-rule' || session.kind === 'client') counts[verdict] += 1;
  return counts;
}

function countResults(outcomes: readonly Outcome[]): Partial<Record<Result, number>> {
  const counts: Partial<Record<Result, number>> = {};
  for (const { result } of outcomes) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

function toGroup(group: ChosenGroup): ReportedGroup {
  const tags = commonTags(group.sessions);
  return {
    user: clean(group.user),
    application: clean(group.application),
    client: clean(group.client),
    database: clean(group.database),
    rule: group.rule,
    sessions: group.sessions.length,
    longestMs: longestMs(group.sessions),
    statement: clean(commonStatement(group.sessions)),
    ...(tags && { tags }),
  };
}

/** A decision with its texts made harmless: what reports, screens and logs show. */
export function toDecision({ session, verdict, rule, protection, reason }: Decision): ReportedDecision {
  return { session: toReportedSession(session), verdict, rule, protection, reason };
}

function toReportedFault({ kind, code, step, actor, message }: Fault): ReportedFault {
  return { kind, code, step, actor, message: cleanText(message, 1_000) };
}

function clean(text: string | null): string | null {
  return text === null ? null : cleanText(text);
}
