import * as z from 'zod';
import { durationSchema } from './duration-schema.ts';
import { expandPolicy } from './expand-policy.ts';
import { type Policy, policySchema } from './policy.ts';
import { percentageSchema } from './percentage.ts';
import { type Parsed, parseWith } from './problems.ts';
import { evenIfBroken, strictObject } from './strict-object.ts';
import { expectedTls } from './tls.ts';
import { engineNames, type Target, targetShape, toTarget, unanswerable } from './target.ts';

/** When subscribers hear of a sweep: when the news differ from the last told, whenever something was or would be done, or always. */
export const notifyWhen = ['change', 'action', 'always'] as const;

/** How often the same news may be told; `coolDownMs` is the wait before it is told again. */
export interface NotifySettings {
  readonly when: (typeof notifyWhen)[number];
  readonly coolDownMs: number;
  /** From when on it is news that people wait for a lock, in milliseconds. */
  readonly waitingMs: number;
  /** From which part of the slots taken on it is news that a server is nearly full, as a fraction of 1. */
  readonly nearlyFull: number;
}

/** What a sweep is asked to do: one target, its policy and how to notify. */
export interface SweepEvent {
  readonly target: Target;
  readonly policy: Policy;
  /** What the policy is called; null where it has no name. */
  readonly policyName: string | null;
  readonly notifySettings: NotifySettings;
}

/** How news is told where the file does not say. */
export const defaultNotifySettings: NotifySettings = {
  when: 'change',
  coolDownMs: 6 * 3_600_000,
  waitingMs: 30_000,
  nearlyFull: 0.8,
};

export const notifyShape = {
  when: z.enum(notifyWhen, { error: `one of: ${notifyWhen.join(' | ')}` }).optional(),
  coolDown: durationSchema(60_000).optional(),
  waiting: durationSchema(1_000)
    .meta({
      description:
        'From when on it is news that somebody waits for a lock, whatever the policy says; 30s by default.',
    })
    .optional(),
};

/** What the file says under `alarms`: the event carries it with the rest of how to notify. */
const eventNotifyShape = { ...notifyShape, nearlyFull: percentageSchema.optional() };

/** Fills what `notify` leaves out: tell changes, the same news again after six hours, and people who wait for 30 s. */
export function toNotifySettings(input: {
  when?: NotifySettings['when'] | undefined;
  coolDown?: number | undefined;
  waiting?: number | undefined;
  nearlyFull?: number | undefined;
}): NotifySettings {
  return {
    when: input.when ?? defaultNotifySettings.when,
    coolDownMs: input.coolDown ?? defaultNotifySettings.coolDownMs,
    waitingMs: input.waiting ?? defaultNotifySettings.waitingMs,
    nearlyFull: input.nearlyFull ?? defaultNotifySettings.nearlyFull,
  };
}

/** The event's schema; `version` guards a function against events of another release. */
export const eventSchema = strictObject({
  version: z.literal(1, { error: '1, the version of the event that this release understands' }),
  target: strictObject(targetShape).transform(toTarget),
  policy: policySchema,
  policyName: z.string().max(200).meta({ description: 'For the report; decides nothing.' }).optional(),
  notify: strictObject(eventNotifyShape).transform(toNotifySettings).optional(),
})
  .superRefine(refineEvent, evenIfBroken)
  .transform((event): SweepEvent => ({
    target: event.target,
    policy: expandPolicy(event.policy, event.target.engine),
    policyName: event.policyName ?? null,
    notifySettings: event.notify ?? defaultNotifySettings,
  }));

/** Parts of the event may be broken, and are then told elsewhere. */
function refineEvent(
  event: {
    readonly target?: Partial<Record<'engine' | 'host' | 'tls', unknown>> | null;
    readonly policy?: unknown;
  },
  context: z.RefinementCtx,
): void {
  const message = expectedTls(event.target?.host, event.target?.tls);
  if (message !== null) context.addIssue({ code: 'custom', path: ['target', 'tls'], message });
  const engine = engineNames.find((name) => name === event.target?.engine);
  for (const { path, expected } of engine ? unanswerable(engine, event.policy) : [])
    context.addIssue({ code: 'custom', path: ['policy', ...path], message: expected });
}

/** An event as people write it: durations and percentages in words. */
export type SweepEventInput = z.input<typeof eventSchema>;

/** Reads an event, with every mistake in it. */
export function parseEvent(input: unknown): Parsed<SweepEvent> {
  return parseWith(eventSchema, input);
}
