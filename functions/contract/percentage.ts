import * as z from 'zod';

const expected = 'a percentage above 0% and at most 100%, such as 80%';

/** A percentage such as `80%`, read as a fraction of 1 (`0.8`). */
export const percentageSchema = z
  .string({ error: expected })
  .regex(/^\d{1,3}(?:\.\d{1,6})?%$/, { error: expected })
  .meta({ description: `${expected}.`, examples: ['80%'] })
  .transform((text, context) => {
    const fraction = Number(text.slice(0, -1)) / 100;
    if (fraction > 0 && fraction <= 1) return fraction;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
