import { countOf } from '../../text/count-of.ts';
import type { Occasion } from '../notification-state.ts';
import { formatInstant } from './format-instant.ts';

/** What is to be said about the notification itself, as sentences with a space before each; mostly nothing. */
export function describeOccasion({ recoveredFrom, waitIsOver, heldBack, limitedUntil }: Occasion): string {
  return [
    waitIsOver && !recoveredFrom ? ' No session waits for a lock any more.' : '',
    heldBack
      ? ` ${countOf(heldBack.count, 'notification')} of this target ${heldBack.count === 1 ? 'was' : 'were'} held back since ${formatInstant(heldBack.since)}, because its news changed too often; the log has every report.`
      : '',
    limitedUntil
      ? ` The news of this target changes often: until ${formatInstant(limitedUntil)} only urgent news is sent, and the rest is counted.`
      : '',
  ].join('');
}
