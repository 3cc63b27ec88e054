import type { Mode } from '../../contract/target.ts';
import type { Tags } from '../../contract/tag-names.ts';
import type { Finding } from '../findings/finding.ts';
import type { GrowthCertainty } from '../history/growth/certainty.ts';
import type { Verdict } from './plan.ts';
import type { Severity } from './severity.ts';
import type { ConnectionLimit, MissingPrivilege } from './snapshot.ts';
import type { Result } from '../verify.ts';

/**
 * How a sweep ended, the first that applies, in the words of subjects, attributes and filters; public names:
 * - `fault`: the sweep failed;
 * - `locked-out`: a session of our own login held the lock: another sweep of this server;
 * - `incomplete`: some chosen sessions were refused, survived, or time ran out;
 * - `ended`: all chosen sessions were dealt with;
 * - `would-end`: a dry run chose sessions;
 * - `reported`: nothing was chosen, but a rule with `action: report` took sessions;
 * - `quiet`: nothing was chosen.
 */
export const sweepOutcomes = [
  'fault',
  'locked-out',
  'incomplete',
  'ended',
  'would-end',
  'reported',
  'quiet',
] as const;
export type SweepOutcome = (typeof sweepOutcomes)[number];

/** The server's slots at one instant. */
export interface ReportedCapacity {
  readonly maxConnections: number;
  readonly reserved: number;
  readonly used: number;
  /** Part of the slots open to ordinary logins that is taken, as a fraction of 1. */
  readonly utilization: number;
  /** Client sessions by state. */
  readonly states: Readonly<Record<string, number>>;
  /** Longest time idle of a client session, in milliseconds; null when none is idle. */
  readonly longestIdleMs: number | null;
  readonly limits: readonly ConnectionLimit[];
}

/** A session as reports show it: every text harmless to print, the statement without literals. */
export interface ReportedSession {
  readonly id: string;
  readonly user: string | null;
  readonly database: string | null;
  readonly application: string | null;
  readonly client: string | null;
  readonly state: string | null;
  readonly stateMs: number | null;
  readonly openMs: number | null;
  readonly transactionMs: number | null;
  readonly statement: string | null;
  /** What the program wrote about itself into its statement; left out where it wrote nothing. */
  readonly tags?: Tags;
  readonly blocks: readonly string[];
}

/** A decision with its session; sessions unmatched are counted, not listed. */
export interface ReportedDecision {
  readonly session: ReportedSession;
  readonly verdict: Verdict;
  readonly rule: string | null;
  readonly protection: string | null;
  readonly reason: string;
}

/** What became of one chosen session. */
export interface ReportedOutcome {
  readonly id: string;
  readonly rule: string | null;
  readonly result: Result;
  readonly code: string | null;
}

/** The chosen sessions of one user, application, client and rule: who leaks. */
export interface ReportedGroup {
  readonly user: string | null;
  readonly application: string | null;
  readonly client: string | null;
  readonly database: string | null;
  readonly rule: string;
  readonly sessions: number;
  readonly longestMs: number;
  /** The last statement most of them ran, without literals. */
  readonly statement: string | null;
  /** The tags that most of those wrote who wrote any; left out where nobody did. */
  readonly tags?: Tags;
}

/** What keeps a queue waiting: a session, a transaction that no session holds, or a session by its number that could not be seen. */
export interface ReportedRoot {
  readonly kind: 'session' | 'prepared' | 'xa' | 'absent';
  /** The session's number, or the name of the transaction. */
  readonly name: string;
  readonly user: string | null;
  readonly database: string | null;
  /** The session; null for all other kinds. */
  readonly session: ReportedSession | null;
  /** What of it the others wait for: a lock, or that its transaction and so its old snapshot ends (PostgreSQL). */
  readonly awaited: 'lock' | 'snapshot';
  /** Of a transaction without a session: since it was prepared, in milliseconds. */
  readonly ageMs: number | null;
  /** Whether this sweep ends it. */
  readonly willEnd: boolean;
  /** By which rule it is ended, or what prevents it. */
  readonly why: string;
  /** The statements for people to run now, the mildest first; empty where nobody should run one unseen. */
  readonly remedies: readonly string[];
  /** What to know before. */
  readonly caution: string;
}

/** Sessions of one user and application in a queue. */
export interface ReportedWaiters {
  readonly user: string | null;
  readonly application: string | null;
  readonly sessions: number;
}

/** People who wait for a lock, all behind the same roots. */
export interface ReportedWait {
  /** The whole queue, those included who wait behind others who wait. */
  readonly sessions: number;
  /** How long the first of them has waited; null where nobody tells. */
  readonly longestMs: number | null;
  /** Whether `longestMs` is only a lower bound. */
  readonly isAtLeast: boolean;
  /** ISO 8601 in UTC, by the database's clock: since when, or since before when. */
  readonly since: string | null;
  /** Who has waited longest; null where it could not be seen. */
  readonly first: ReportedSession | null;
  /** The table that most of them speak of, where their statements tell. */
  readonly table: string | null;
  /** Who they are, most sessions first, at most eight. */
  readonly who: readonly ReportedWaiters[];
  /** What those wait for of whom nobody could be seen whom they wait for: `a lock on a table`; else null. */
  readonly what: string | null;
  /** At most four; none where nobody could be seen whom they wait for. */
  readonly roots: readonly ReportedRoot[];
  readonly rootCount: number;
  /** Sessions that wait for each other, at most eight. */
  readonly circle: readonly string[];
  /** Whether verification found that none of them waits any more. */
  readonly isOver: boolean;
  /** Where to look for such a root; empty where roots were seen. */
  readonly whereToFind: string;
  /** What would show the roots, where they could not be seen. */
  readonly toSee: readonly string[];
  /** Sessions whose open transaction may be the root, where it could not be seen. */
  readonly suspects: readonly string[];
}

/** A fault as people may read it. */
export interface ReportedFault {
  readonly kind: string;
  readonly code: string;
  readonly step: string;
  readonly actor: string;
  readonly message: string;
}

/** Who or what ran a sweep. */
export interface Runner {
  readonly kind: 'function' | 'operator';
  /** The function's name and version, or the operator's user and host. */
  readonly name: string;
}

/** By what, where and according to which policy a sweep was run: what makes a report an audit record. */
export interface ReportedAudit {
  /** Null where the sweep ended before it was known. */
  readonly host: string | null;
  readonly port: number | null;
  /** The name in the file, null where it has none, and the first 12 digits of the SHA-256 of its JSON; null where none was read. */
  readonly policy: { readonly name: string | null; readonly hash: string } | null;
  readonly ranBy: Runner;
  /** unleak's own version. */
  readonly version: string;
}

/** What became of the sessions that a dry run would have ended, as far as the history tells. */
export interface ReportedProof {
  /** How long was watched, in milliseconds. */
  readonly watchedMs: number;
  readonly chosen: number;
  readonly usedAgain: number;
  /** Programs whose sessions were used again, most first, at most four; harmless to print. */
  readonly programs: readonly string[];
  readonly averageAfterMs: number | null;
  /** The smallest `for` with which none would have been, such as `45m`; null where none was used again. */
  readonly quietFor: string | null;
  readonly verdict: 'ready' | 'not-yet' | 'no';
}

/** A program, or the server, that grows beyond what is usual. Times are ISO 8601 by unleak's own clock. */
export interface ReportedGrowth {
  /** Both null: the server as a whole, where no program stands out. */
  readonly user: string | null;
  readonly application: string | null;
  readonly since: string;
  /** Connections an hour. */
  readonly rate: number;
  readonly fullAt: string;
  /** The server is full between these two, in most cases. */
  readonly fullFrom: string;
  readonly fullUntil: string;
  readonly certainty: GrowthCertainty;
}

/** The facts of a sweep. Dry run and enforced run give the same report up to `mode`, `outcome`, `severity`, `outcomes` and `after`. */
export interface Report {
  readonly schema: 'unleak.report/1';
  readonly sweepId: string;
  readonly mode: Mode;
  readonly outcome: SweepOutcome;
  readonly severity: Severity;
  /** ISO 8601 in UTC: the database's clock, or unleak's when the database was not reached. */
  readonly at: string;
  readonly target: { readonly name: string; readonly engine: string; readonly version: string | null };
  readonly before: ReportedCapacity | null;
  readonly after: ReportedCapacity | null;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly results: Readonly<Partial<Record<Result, number>>>;
  /** People who wait for longer than `notify.waiting`, the longest queue first. */
  readonly waiting: readonly ReportedWait[];
  readonly groups: readonly ReportedGroup[];
  readonly decisions: readonly ReportedDecision[];
  /** In the order of ending; empty in a dry run. */
  readonly outcomes: readonly ReportedOutcome[];
  readonly findings: readonly Finding[];
  readonly missing: readonly MissingPrivilege[];
  readonly fault: ReportedFault | null;
  /** Left out by releases that did not keep it. */
  readonly audit?: ReportedAudit;
  /** Left out where nothing is remembered, and in enforced runs. */
  readonly proof?: ReportedProof;
  /** Left out where nothing grows, or no history says so. */
  readonly growing?: readonly ReportedGrowth[];
}
