import type { ReadRecord } from '../../contract/sweep-record.ts';

/** Which session is asked about: every fact that is named has to fit. */
export interface SessionQuestion {
  readonly id: string | null;
  readonly user: string | null;
  readonly application: string | null;
}

type Decision = ReadRecord['report']['decisions'][number];

/** A session that a sweep had to do with, and what it did. */
export interface FoundSession {
  readonly record: ReadRecord;
  readonly decision: Decision;
  /** What verification found; null where nothing was tried. */
  readonly result: string | null;
  readonly code: string | null;
}

/** What the recorded sweeps say about sessions. */
export interface Explained {
  /** Ended by unleak. */
  readonly ended: readonly FoundSession[];
  /** Decided about, and not ended: protected, spared, capped, chosen in a dry run, refused. The last time of each. */
  readonly leftAlone: readonly FoundSession[];
  /** What became of chosen sessions without unleak's doing. */
  readonly fates: readonly (ReadRecord['fates'][number] & { readonly seenAt: string })[];
}

const byUs: readonly string[] = ['terminated', 'cancelled'];

/** Searches recorded sweeps for the sessions of a question. */
export function explainEnds(records: readonly ReadRecord[], question: SessionQuestion): Explained {
  const found = records.flatMap((record) => findSessions(record, question));
  const ended = found.filter(({ result }) => result !== null && byUs.includes(result));
  const others = found.filter((each) => !ended.includes(each));
  const fates = records.flatMap((record) =>
    record.fates
      .filter((fate) => fate.fate !== 'ended' && isAskedFor(fate, question))
      .map((fate) => ({ ...fate, seenAt: record.at })),
  );
  return { ended, leftAlone: lastOfEach(others), fates };
}

function findSessions(record: ReadRecord, question: SessionQuestion): readonly FoundSession[] {
  const { decisions, outcomes } = record.report;
  const results = new Map(outcomes.map((outcome) => [outcome.id, outcome]));
  return decisions
    .filter(({ session }) => isAskedFor(session, question))
    .map((decision) => {
      const outcome = results.get(decision.session.id);
      return { record, decision, result: outcome?.result ?? null, code: outcome?.code ?? null };
    });
}

function isAskedFor(
  session: { readonly id: string; readonly user: string | null; readonly application: string | null },
  { id, user, application }: SessionQuestion,
): boolean {
  return (
    (id === null || session.id === id) &&
    (user === null || session.user === user) &&
    (application === null || session.application === application)
  );
}

function lastOfEach(found: readonly FoundSession[]): readonly FoundSession[] {
  const last = new Map<string, FoundSession>();
  for (const each of found) {
    const { session, verdict } = each.decision;
    last.set(JSON.stringify([session.id, session.user, verdict, each.result]), each);
  }
  return [...last.values()];
}
