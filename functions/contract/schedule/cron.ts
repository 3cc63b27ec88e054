/** Which days of a month a cron expression fires on; weekdays count from Sunday, 0. */
export type CronDays =
  | { readonly kind: 'every' }
  | { readonly kind: 'dates'; readonly dates: readonly number[] }
  | { readonly kind: 'last-date' }
  | { readonly kind: 'last-working-day' }
  | { readonly kind: 'working-day-near'; readonly date: number }
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'nth-weekday'; readonly weekday: number; readonly nth: number }
  | { readonly kind: 'last-weekday'; readonly weekday: number };

/** A `cron(…)` expression of EventBridge Scheduler, read; null: every one. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: CronDays;
  readonly months: readonly number[] | null;
  readonly years: readonly number[] | null;
}
