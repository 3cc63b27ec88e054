import type { Report } from '../../model/report.ts';
import { countOf, listOf, was } from '../../text/count-of.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { unbroken } from '../../text/to-name.ts';

/** What became of those that dry runs would have ended, as sentences with a space before; empty where nothing is known. */
export function describeProof({ proof }: Report): string {
  if (!proof) return '';
  const { watchedMs, chosen, usedAgain, programs, averageAfterMs, quietFor } = proof;
  const begin = ` In ${inDays(watchedMs)} this policy would have ended ${countOf(chosen, 'session')}`;
  if (usedAgain === 0) return `${begin}; none was used again.${ready(proof)}`;
  const all = programs.length === 1 && usedAgain > 1 ? 'all of ' : 'of ';
  const after =
    averageAfterMs === null ? '' : `, after ${unbroken(formatDuration(averageAfterMs))} on average`;
  const remedy = quietFor === null ? '' : ` With ${unbroken(`\`for: ${quietFor}\``)}: none.`;
  return `${begin}; ${usedAgain} ${was(usedAgain)} used again, ${all}${listOf(programs)}${after}.${remedy}`;
}

function ready({ verdict }: NonNullable<Report['proof']>): string {
  return verdict === 'ready' ? ' It is ready to be enforced.' : '';
}

function inDays(ms: number): string {
  const days = Math.round(ms / 86_400_000);
  return ms >= 86_400_000 ? unbroken(countOf(days, 'day')) : unbroken(formatDuration(ms));
}
