import * as z from 'zod';
import { nameSchema } from './name.ts';
import { type Parsed, parseWith } from './problems.ts';
import { readSchedule, type Schedule, schedulesExpected } from './schedule/read-schedule.ts';
import { strictObject } from './strict-object.ts';
import { wholeNumber } from './whole-number.ts';

/** A target as the watch knows it. */
export interface WatchedTarget {
  readonly name: string;
  readonly schedule: Schedule;
  readonly timezone: string;
  /** How long after its time a sweep may begin and end. */
  readonly graceMs: number;
}

/** What a deployment tells the watch: which targets are swept when. */
export interface Watched {
  /** How often the watch itself runs. */
  readonly everyMs: number;
  readonly coolDownMs: number;
  /** Whether nothing is swept on purpose: subscribers are told so once. */
  readonly isStopped: boolean;
  readonly targets: readonly WatchedTarget[];
}

const target = z.tuple([nameSchema, z.string(), z.string(), wholeNumber(1)]);
const schema = strictObject({
  everyMs: wholeNumber(1),
  coolDownMs: wholeNumber(0),
  isStopped: z.boolean(),
  /** Name, schedule, time zone, grace in milliseconds: short, since a template holds hundreds. */
  targets: z.array(target),
});

/** What a deployment writes into the function's lines. */
export type WatchedInput = z.input<typeof schema>;

/** Reads what the deployment says. */
export function parseWatched(input: unknown): Parsed<Watched> {
  const whole = schema.transform(({ targets, ...rest }, context): Watched => {
    const read = targets.map(([name, text, timezone, graceMs]) => {
      const schedule = readSchedule(text);
      if (!schedule.ok) context.addIssue({ code: 'custom', message: schedulesExpected });
      return schedule.ok ? [{ name, schedule: schedule.schedule, timezone, graceMs }] : [];
    });
    return { ...rest, targets: read.flat() };
  });
  return parseWith(whole, input);
}
