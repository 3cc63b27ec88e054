import * as z from 'zod';

/* The object that holds a target's history. Names stand once, in lists, and everything else is numbers that refer to them, so
   that five weeks fit into 256 KiB. Times are whole seconds since 1970, hours and days are counted since 1970. */

/** The version of the format; an object of another one is set aside. */
export const historySchemaName = 'unleak.history/1';

const count = z.number().int().min(0).max(1e9);
const seconds = z.number().int().min(0).max(1e11);
const milliseconds = z.number().min(0).max(1e14);
const name = z.string().max(200).nullable();
const index = z.number().int().min(0).max(100_000);
const counts = z.array(count).max(40);
const text = z.string().max(1_000);
const key = z.string().max(100);

const outcomes = ['fault', 'locked-out', 'incomplete', 'ended', 'would-end', 'reported', 'quiet'] as const;

/** What is remembered about notifications; releases without a history kept it alone, as `news/TARGET.json`. */
export const notificationStateSchema = z.object({
  notificationKey: z.string().max(2_000),
  notifiedAt: text,
  outcome: z.enum(outcomes),
  // Left out by releases that did not bound notifications.
  waiting: z.boolean().optional(),
  quietSince: text.nullable().optional(),
  sent: z
    .array(z.object({ at: text, key, urgent: z.array(key).max(100) }))
    .max(100)
    .optional(),
  held: z
    .object({ count: z.number().int().min(1), since: text, key })
    .nullable()
    .optional(),
});

/** policy, rule, mode (0 dry run, 1 enforced), program: four indices. */
const choice = z.tuple([index, index, z.union([z.literal(0), z.literal(1)]), index]);

const followed = z.object({
  of: choice,
  id: z.string().max(20),
  connection: z.string().max(400),
  use: z.string().max(60),
  cancel: z.literal(1).optional(),
  at: milliseconds,
  idle: milliseconds,
});

const settled = followed.extend({ seen: milliseconds, after: milliseconds });

const amount = z.number().min(-1e9).max(1e9);

/** What grew; `of` is a program, or null for the server as a whole. */
const growing = z.object({
  of: index.nullable(),
  since: milliseconds,
  grew: milliseconds,
  ended: milliseconds.nullable(),
  rise: amount,
  level: amount,
  forecast: z.object({
    sinceMs: milliseconds,
    rate: amount,
    rise: amount,
    fullAtMs: milliseconds,
    fullFromMs: milliseconds,
    fullUntilMs: milliseconds,
    certainty: z.enum(['likely', 'very likely', 'almost certain']),
  }),
});

/** The schema of the object. */
export const historyFileSchema = z.object({
  schema: z.literal(historySchemaName),
  programs: z.array(z.tuple([name, name])).max(10_000),
  rules: z.array(z.string().max(200)).max(5_000),
  policies: z.array(z.string().max(60)).max(5_000),
  states: z.array(z.string().max(60)).max(40),
  /** Time, sweep, used, max, ended, wouldEnd, new server; a count for each of `states`; program, total, idle of each program. */
  points: z
    .array(
      z.tuple([
        z.tuple([seconds, z.string().max(8), count, count, count, count, z.number()]),
        counts,
        counts,
      ]),
    )
    .max(5_000),
  /** Hour, sweeps, used (min, median, max), slots, ended; program, idle (min, median, max) of each program. */
  hours: z.array(z.tuple([z.tuple([count, count, count, count, count, count, count]), counts])).max(1_000),
  followed: z.array(followed).max(5_000),
  /** Day, chosen, ended, left, usedAgain, unfollowed, afterMs, longestSilenceMs. */
  days: z
    .array(z.tuple([choice, z.tuple([count, count, count, count, count, count, milliseconds, milliseconds])]))
    .max(5_000),
  usedAgain: z.array(settled).max(200),
  /** Time, rule, program, ended, reopened (−1: not known yet). */
  refills: z.array(z.tuple([milliseconds, index, index, count, z.number().int().min(-1)])).max(500),
  // Left out by releases without a forecast.
  growing: z.array(growing).max(500).optional(),
  serverStart: z.number().nullable(),
  recordedAt: milliseconds.nullable(),
  notification: notificationStateSchema.nullable(),
});

/** The object, read. */
export type HistoryFile = z.output<typeof historyFileSchema>;
