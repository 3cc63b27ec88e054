import * as z from 'zod';

/** An object that refuses keys it does not know, and then names the ones it does. */
export function strictObject<S extends z.core.$ZodLooseShape>(shape: S) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `one of: ${keys}` : `an object with ${keys}`),
  });
}

/** Lets a check across fields run also while single fields are wrong, so that everything is told at once; what it is given may be broken. */
export const evenIfBroken = {
  when: ({ value }: z.core.ParsePayload) =>
    typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** The same for checks that ask for a key: a key spelt wrongly is told already, and is probably the one. */
export const unlessKeyUnknown = {
  when: (payload: z.core.ParsePayload) =>
    evenIfBroken.when(payload) && !payload.issues.some((issue) => issue.code === 'unrecognized_keys'),
};
