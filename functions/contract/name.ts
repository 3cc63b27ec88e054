import * as z from 'zod';

/** What is said of a name that is not one. */
export const nameExpected =
  'a name of lower-case letters, digits and dashes, 1 to 63 characters, such as celery-leak';

/** The name of a rule, policy, network or target: it goes into metrics, keys and filters. */
export const nameSchema = z
  .string({ error: nameExpected })
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, { error: nameExpected });

const presetNameExpected = nameExpected.replace('63 characters', '40 characters');

/** The name of a preset: shorter, since the names of its rules begin with it. */
export const presetNameSchema = z
  .string({ error: presetNameExpected })
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, { error: presetNameExpected });
