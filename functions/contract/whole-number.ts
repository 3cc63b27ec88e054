import * as z from 'zod';

/** A whole number from `least` to `most`. Not z.int(), whose failure keeps every check around it from running. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  const expected = `a whole number, ${range}`;
  return z
    .number({ error: expected })
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, { error: expected })
    .meta({
      type: 'integer',
      minimum: least,
      ...(most === Number.MAX_SAFE_INTEGER ? {} : { maximum: most }),
    });
}
