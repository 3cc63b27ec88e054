import type { Report } from '../../model/report.ts';
import { countOf, was } from '../../text/count-of.ts';
import { tallyOf } from '../tally-of.ts';

/** Steps of a sweep before it can end anything. */
const harmlessSteps = ['parse', 'secret', 'connect', 'lock', 'snapshot', 'decide'];

/** Whether a sweep that failed had ended sessions before. */
export function whatWasTouched(report: Report): string {
  const { chosen, done, unverified, survived, stillRunning, refused, late, skipped, left } = tallyOf(report);
  if (report.mode === 'dry-run') return 'It was a dry run, so no session was touched.';
  if (done > 0) return `Before that, ${countOf(done, 'session')} ${was(done)} ended${doubt(unverified)}.`;
  if (unverified > 0)
    return `Before that, ${countOf(unverified, 'session')} ${was(unverified)} to be ended; whether ${unverified === 1 ? 'it is' : 'they are'} gone could not be verified.`;
  const isKnown = survived + stillRunning + refused + late + skipped + left > 0;
  if (isKnown || chosen === 0 || harmlessSteps.includes(report.fault?.step ?? ''))
    return 'No session was ended.';
  return `It had chosen ${countOf(chosen, 'session')}; whether some were ended could not be learned.`;
}

function doubt(unverified: number): string {
  if (unverified === 0) return '';
  return ` and ${countOf(unverified, 'more session')} may have been ended, which could not be verified`;
}
