import type { ReportedGrowth } from '../../model/report.ts';
import { toInstant } from '../../text/instants.ts';
import type { Growing } from './growing.ts';

/** Growth as reports show it. */
export function toReportedGrowth({ program, sinceMs, forecast }: Growing): ReportedGrowth {
  return {
    user: program?.user ?? null,
    application: program?.application ?? null,
    since: toInstant(sinceMs),
    rate: Math.round(forecast.rate * 100) / 100,
    fullAt: toInstant(forecast.fullAtMs),
    fullFrom: toInstant(forecast.fullFromMs),
    fullUntil: toInstant(forecast.fullUntilMs),
    certainty: forecast.certainty,
  };
}
