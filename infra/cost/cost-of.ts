import type { Configuration } from '../../functions/contract/configuration.ts';
import { metrics } from '../../functions/contract/metrics.ts';
import { toRecurrence } from '../settings/recurrence.ts';
import { type MonthlyCost, toMonthlyCost } from './monthly-cost.ts';
import { type TemplateResources, toPaidParts } from './paid-parts.ts';
import { monthHours } from './prices.ts';

/**
 * What an installation costs a month while its servers are quiet, in US dollars, without its secrets: they may have been there
 * before, or be shared.
 */
export function costOf(
  { targets, metrics: { perTarget } }: Configuration,
  resources: TemplateResources,
  watchMinutes: number,
): MonthlyCost {
  return toMonthlyCost(
    toPaidParts(resources),
    { ofInstallation: metrics.ofInstallation.length, ofTargets: targets.length * perTarget.length },
    targets.map(({ schedule }) => ({ perMonth: toRecurrence(schedule).perMonth, readsSecret: true })),
    (monthHours * 60) / watchMinutes,
  );
}
