import type { Rule } from '../../contract/rule.ts';
import { cleanText } from '../text/clean-text.ts';
import type { Session } from '../model/session.ts';
import { type Capacity, usableSlots } from '../model/snapshot.ts';

/** Connections of which only so many may be open: the server's slots, or what one role, database or user may have. */
export interface Pool {
  /** `the server`, or `role shop`. */
  readonly whose: string;
  /** `slots`, or `connections of role shop`. */
  readonly label: string;
  readonly size: number;
  readonly used: number;
  readonly holds: (session: Session) => boolean;
}

/** A full pool, and how many of its sessions have to go before it is as empty as the rule wants; no limit where it does not say. */
export interface Demand {
  readonly pool: Pool;
  readonly need: number;
}

/** Keeps 0.8 × 100 from being 80.00000000000001. */
const rounding = 1e-9;

/** Every limit on connections that the snapshot tells of, the server's first; those to be ended count as gone. */
export function poolsOf(capacity: Capacity, gone: ReadonlySet<Session>): readonly Pool[] {
  const left = { user: countBy(gone, 'user'), database: countBy(gone, 'database') };
  const narrower = capacity.limits
    .filter(({ limit }) => limit > 0) // 0 keeps everybody out: nobody is helped by ending others
    .map(({ kind, name, limit, used }): Pool => {
      const whose = `${kind} ${cleanText(name, 64)}`;
      const field = kind === 'database' ? 'database' : 'user';
      return {
        ...{ whose, label: `connections of ${whose}`, size: limit },
        used: used - (left[field].get(name) ?? 0),
        holds: (session) => session[field] === name,
      };
    });
  const server = { whose: 'the server', label: 'slots', size: usableSlots(capacity) };
  return [{ ...server, used: capacity.used - gone.size, holds: () => true }, ...narrower];
}

function countBy(
  sessions: Iterable<Session>,
  field: 'user' | 'database',
): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const session of sessions) counts.set(session[field], (counts.get(session[field]) ?? 0) + 1);
  return counts;
}

/** The pools that are full enough for a rule; of rules without a utilization none is asked. */
export function demandsOf({ utilization }: Rule, pools: readonly Pool[]): readonly Demand[] {
  if (utilization === null) return [];
  const { above, until } = utilization;
  return pools
    .filter(({ size, used }) => used + rounding >= above * size)
    .map((pool) => ({
      pool,
      need:
        until === null
          ? Number.POSITIVE_INFINITY
          : Math.max(0, pool.used - Math.floor(until * pool.size + rounding)),
    }));
}

/** Whether a rule is in force for a session: a pool that holds it is full enough, or the rule does not ask. */
export function isInForce({ utilization }: Rule, demands: readonly Demand[], session: Session): boolean {
  return utilization === null || demands.some(({ pool }) => pool.holds(session));
}

/** Why the rule is in force for a session, in a few words; empty where utilization does not matter. */
export function describeUtilization(rule: Rule, demands: readonly Demand[], session: Session): string {
  const pool = demands.find((demand) => demand.pool.holds(session))?.pool;
  if (rule.utilization === null || pool === undefined) return '';
  return `, ${pool.used} of ${pool.size} ${pool.label} taken (limit ${toPercent(rule.utilization.above)}%)`;
}

/** How far the fullest pool that a session is in is from being full enough for a rule. */
export function describeShortage(rule: Rule, pools: readonly Pool[], session: Session) {
  const own = pools.filter((pool) => pool.holds(session));
  const { size, used, label } = own.reduce((a, b) => (b.used / b.size > a.used / a.size ? b : a));
  const threshold = rule.utilization?.above ?? 0;
  const limit = `limit ${toPercent(threshold)}%`;
  const says = `${used} of ${size} ${label} taken, ${Math.floor((used / size) * 1_000) / 10}% (${limit})`;
  return { condition: 'utilization', measured: used / size, threshold, says } as const;
}

function toPercent(fraction: number): number {
  return Number((fraction * 100).toPrecision(6));
}
