import type { Rule } from '../../contract/rule.ts';
import { type Capacity, usableSlots } from '../snapshot.ts';

/** Keeps 0.8 × 100 from being 80.00000000000001. */
const rounding = 1e-9;

/** Whether a rule is in force while `used` slots are taken; rules without a utilization always are. */
export function isInForce(rule: Rule, capacity: Capacity, used: number): boolean {
  return rule.utilization === null || used + rounding >= rule.utilization.above * usableSlots(capacity);
}

/** Why the rule is in force, in a few words; empty where utilization does not matter. */
export function describeUtilization(rule: Rule, capacity: Capacity, used: number): string {
  if (rule.utilization === null) return '';
  const slots = usableSlots(capacity);
  const limit = Number((rule.utilization.above * 100).toPrecision(6));
  return `, ${used} of ${slots} slots taken (limit ${limit}%)`;
}

/** How many sessions have to go before the server is as empty as the rule wants; no limit where it does not say. */
export function needOf(rule: Rule, capacity: Capacity, used: number): number {
  const until = rule.utilization?.until ?? null;
  if (until === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, used - Math.floor(until * usableSlots(capacity) + rounding));
}

/** How far the server is from being full enough for a rule. */
export function describeShortage(rule: Rule, capacity: Capacity, used: number) {
  const slots = usableSlots(capacity);
  const threshold = rule.utilization?.above ?? 0;
  const limit = `limit ${Number((threshold * 100).toPrecision(6))}%`;
  const says = `${used} of ${slots} slots taken, ${Math.floor((used / slots) * 1_000) / 10}% (${limit})`;
  return { condition: 'utilization', measured: used / slots, threshold, says } as const;
}
