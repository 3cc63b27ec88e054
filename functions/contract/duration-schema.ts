import * as z from 'zod';
import { parseDuration, wholeDuration } from './duration.ts';

/** A duration in the configuration's own spelling, read as milliseconds; shorter than `leastMs` is refused. */
export function durationSchema(leastMs: number) {
  const expected = `a duration such as 15s, 10m or 1h30m, at least ${leastMs / 1000}s and at most 3650d`;
  return z
    .string({ error: expected })
    .regex(wholeDuration, { error: expected })
    .meta({ description: `${expected}.`, examples: ['15s', '10m', '1h30m'] })
    .transform((text, context) => {
      const durationMs = parseDuration(text);
      if (durationMs !== null && durationMs >= leastMs) return durationMs;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    });
}
