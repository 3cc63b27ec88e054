/**
 * What an application says of the end of its own session:
 * - `right`: it was idle for the threshold, and waits for no answer;
 * - `crossed`: the same, but it had just sent a statement that the server never read: on the wire they passed each other;
 * - `read`: the server had read that statement, says its log, but the end came before any of it was done;
 * - `early`: it was idle for less than the threshold;
 * - `doubtful`: early by less than its own clock's error, which is how long its last, quick statement took;
 * - `lost`: the server had begun the statement that it waits for, or a transaction was under way.
 * `read`, `early` and `lost` are wrong kills.
 */
export const judgements = ['right', 'crossed', 'doubtful', 'read', 'early', 'lost'] as const;
export type Judgement = (typeof judgements)[number];

/** Those that are wrong kills. */
export const wrongJudgements = ['read', 'early', 'lost'] as const satisfies readonly Judgement[];

/** The end of a session on the application's own monotonic clock, in milliseconds. */
export interface SessionEnd {
  readonly noticedAt: number;
  /** When it sent its last statement that was answered, and when it had the answer. */
  readonly lastSentAt: number;
  readonly lastAnsweredAt: number;
  /** When it had logged in, and how many transactions it has committed since. */
  readonly loggedInAt: number;
  readonly transactions: number;
  /** A statement without an answer: the one that ends a pause, one within a transaction, or none. */
  readonly waitsFor: 'waking' | 'working' | null;
  /** Whether the server began the waking statement: its receipt outlives the session. */
  readonly hasBegun: boolean;
}

/** Judges one end. The application is the last to learn of an answer and of an end, so its idle time is a lower bound by
 *  the first and an upper bound by the second; what the first can be wrong by is `doubtful`. */
export function judge(end: SessionEnd, thresholdMs: number): Judgement {
  if (end.waitsFor === 'working' || (end.waitsFor === 'waking' && end.hasBegun)) return 'lost';
  if (end.noticedAt - end.lastSentAt < thresholdMs) return 'early';
  if (end.noticedAt - end.lastAnsweredAt < thresholdMs) return 'doubtful';
  return end.waitsFor === 'waking' ? 'crossed' : 'right';
}

/** What is known of a wrong end, in milliseconds before it was noticed. */
export interface WrongEnd {
  readonly judgement: Judgement;
  readonly waitsFor: SessionEnd['waitsFor'];
  readonly sentAgoMs: number;
  readonly answeredAgoMs: number;
  readonly loggedInAgoMs: number;
  readonly transactions: number;
}

/** The statement that crossed its session's end, and how long after sending it the application learnt of that. */
export interface CrossedEnd {
  readonly sql: string;
  readonly learntMs: number;
}

/** How many ends got which judgement, and what else a phase counts. */
export interface Tally {
  readonly judgements: Readonly<Record<Judgement, number>>;
  /** Transactions that were committed. */
  readonly transactions: number;
  /** Each end judged wrong. */
  readonly wrong: readonly WrongEnd[];
  /** Each end judged crossed. */
  readonly crossed: readonly CrossedEnd[];
  /** The errors of logins that failed. */
  readonly failedLogins: readonly string[];
  /** The application's event loop never stood still for longer. */
  readonly stallMs: number;
}

/** The tally with the judgement of those corrected whose statement the server says that it read. */
export function withWitness(tally: Tally, wasRead: (sql: string) => boolean): Tally {
  const crossed = tally.crossed.filter(({ sql }) => !wasRead(sql));
  const read = tally.crossed.length - crossed.length;
  const judgements = { ...tally.judgements, crossed: crossed.length, read };
  return { ...tally, judgements, crossed };
}

/** How many ends of a phase are wrong kills. */
export function wrongIn({ judgements: each }: Tally): number {
  return wrongJudgements.reduce((sum, judgement) => sum + each[judgement], 0);
}

/** All ends of a phase. */
export function killsIn({ judgements: each }: Tally): number {
  return judgements.reduce((sum, judgement) => sum + each[judgement], 0);
}
