import * as z from 'zod';
import { nameSchema } from './name.ts';
import { type Parsed, parseWith } from './problems.ts';
import { strictObject } from './strict-object.ts';
import { wholeNumber } from './whole-number.ts';

/** Which tick of the schedule this is, as the context attributes of EventBridge Scheduler say it. */
export interface Tick {
  /** Epoch milliseconds. */
  readonly scheduledAtMs: number | null;
  readonly executionId: string | null;
  readonly attempt: number | null;
}

/**
 * What a schedule sends the function: which of the installed targets to sweep. Everything else is known from the deployment, so
 * that whoever may invoke the function or edit a schedule can choose nothing else.
 */
export interface Invocation {
  readonly target: string;
  /** Null: as installed. An invocation can ask for less than what is installed, and never for more. */
  readonly mode: 'dry-run' | null;
  readonly tick: Tick;
}

const textExpected = 'text of at most 200 characters';
const text = z.string({ error: textExpected }).max(200, { error: textExpected });
const attempt = z.union([wholeNumber(0), z.string().max(20)], { error: 'a whole number, also as text' });
const instantExpected = 'an instant such as 2030-01-31T12:00:00Z';
const instant = z
  .string({ error: instantExpected })
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/, { error: instantExpected })
  .transform((written) => Date.parse(written))
  .refine((ms) => !Number.isNaN(ms), { error: instantExpected });
const tickSchema = strictObject({
  scheduledTime: instant.optional(),
  executionId: text.optional(),
  attempt: attempt.optional(),
}).transform((tick): Tick => {
  const attempt = Number(tick.attempt === '' ? Number.NaN : (tick.attempt ?? Number.NaN));
  return {
    scheduledAtMs: tick.scheduledTime ?? null,
    executionId: tick.executionId ?? null,
    attempt: Number.isInteger(attempt) ? attempt : null,
  };
});
const noTick: Tick = { scheduledAtMs: null, executionId: null, attempt: null };

const modeExpected = 'dry-run, or nothing at all: what is installed decides about more';

/** The invocation's schema; `version` guards a function against events of another release. */
export const invocationSchema = strictObject({
  version: z.literal(2, { error: '2, the version of the event that this release understands' }),
  target: nameSchema,
  mode: z.literal('dry-run', { error: modeExpected }).optional(),
  tick: tickSchema.optional(),
}).transform(({ target, mode, tick }): Invocation => ({ target, mode: mode ?? null, tick: tick ?? noTick }));

/** An invocation as schedules and people write it. */
export type InvocationInput = z.input<typeof invocationSchema>;

/** Reads the Lambda event, with every mistake in it. */
export function parseInvocation(input: unknown): Parsed<Invocation> {
  return parseWith(invocationSchema, input);
}
