import * as z from 'zod';

const expected = 'a percentage above 0% and at most 100%, such as 80%';

/** A percentage such as `80%`, read as a fraction of 1 (`0.8`). */
export const percentageSchema = z.string({ error: expected }).transform((text, context) => {
  const number = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  const fraction = Number(number) / 100;
  if (fraction > 0 && fraction <= 1) return fraction;
  context.addIssue({ code: 'custom', message: expected });
  return z.NEVER;
});
