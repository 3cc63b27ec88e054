import { runUpsOf } from './run-ups.ts';
import type { Signal } from './signal.ts';
import { ofDays, type Past, toPast } from './usual.ts';
import { aboveUsual, toTrend, type Trend } from './window.ts';

/** What fills up later is no news yet, in hours. */
export const horizonHours = 96;
/** Younger histories say less about what is usual. */
const youngHours = 8 * 24;
/** In a rush there is no time for every proof. */
const rush = { full: 0.68, withinHours: 6, windowHours: 8 };

/** A window in which the signal grew beyond what is usual and honest. */
export interface Evidence extends Trend {
  /** The rise that was asked for. */
  readonly threshold: number;
}

/** The evidence of growth in a window; null where a test fails. The cheap tests come first. */
export function judgeWindow(signal: Signal, past: Past, hours: number): Evidence | null {
  if (past.reachHours < hours + leastHours) return null;
  if ((aboveUsual(past, 0, hours) ?? 0) < 0.8 * leastRise(signal, 0)) return null;
  const trend = toTrend(past, hours);
  if (trend === null) return null;
  const least = leastRise(signal, trend.rise);
  const passes =
    trend.held >= 0.8 * least &&
    trend.rise >= least &&
    trend.rate * hours >= 0.6 * trend.rise &&
    isSteady(signal, trend) &&
    isWithinHorizon(signal, trend) &&
    stillGrows(past, trend) &&
    isRecord(past, trend);
  if (!passes) return null;
  const threshold = thresholdOf(signal, past, trend, least);
  const isLarge = trend.rise >= threshold && trend.held >= 0.8 * threshold;
  return isLarge && growsByDays(signal, past, hours) ? { ...trend, threshold } : null;
}

/** An odd week that ends makes what is usual fall, and nothing grow: so the days alone must say it too. */
function growsByDays(signal: Signal, { nowMs }: Past, hours: number): boolean {
  const past = toPast(signal, nowMs, ofDays);
  const trend = toTrend(past, hours);
  return trend !== null && isSteady(signal, trend) && stillGrows(past, trend);
}

/** Below two days and three hours of history nobody knows what is usual. */
const leastHours = 48;

function leastRise({ max, used }: Signal, rise: number): number {
  const room = max - used + rise;
  return Math.max(Math.min(0.1 * max, 0.3 * room), 3);
}

function thresholdOf(signal: Signal, past: Past, { hours, rate }: Trend, least: number): number {
  const { usual, days } = runUpsOf(past, hours);
  const factor = isRush(signal, hours, rate) ? 1.1 : 1.5;
  return Math.max(least, factor * usual, days < 2 ? 0.15 * signal.max : 0);
}

/** A leak grows on and on; a pool that was resized grew once. */
function isSteady(signal: Signal, { steps: [early, late], rise, fit, hours, rate }: Trend): boolean {
  if (isRush(signal, hours, rate)) return fit <= 0.9;
  return early >= 0.1 * rise && late >= 0.2 * rise && fit <= 0.65;
}

function isRush({ max, used }: Signal, hours: number, rate: number): boolean {
  return used >= rush.full * max && (max - used) / rate < rush.withinHours && hours <= rush.windowHours;
}

function isWithinHorizon({ max, used }: Signal, { rate }: Trend): boolean {
  return (max - used) / rate <= horizonHours;
}

function stillGrows(past: Past, { hours, rate }: Trend): boolean {
  const span = Math.max(1, hours / 4);
  const now = aboveUsual(past, 0, hours);
  const before = aboveUsual(past, span, hours);
  return now !== null && before !== null && now - before >= 0.4 * rate * span;
}

/** Below eight days of history, only what was never seen before counts. */
function isRecord(past: Past, { hours }: Trend): boolean {
  if (past.reachHours >= youngHours) return true;
  const now = past.floorAgo(0) ?? 0;
  for (let ago = hours; ago <= past.reachHours; ago += 1) if ((past.honestAgo(ago) ?? 0) >= now) return false;
  return true;
}
