import * as z from 'zod';
import { type Matcher, matcherKeys, matcherShape, namesSomething, toMatcher } from './pattern.ts';
import { percentageSchema } from './percentage.ts';
import { type Preset, presetSchema, ruleNamesOf } from './preset.ts';
import { type Rule, ruleSchema } from './rule.ts';
import { evenIfBroken, strictObject, unlessKeyUnknown } from './strict-object.ts';
import { wholeNumber } from './whole-number.ts';

/** Protections that are on by default and that a policy can lift by name; each is described in docs/policy.md. */
export const softProtections = [
  'listen',
  'advisory-lock',
  'table-lock',
  'xa',
  'temporary-table',
  'backup',
  'migration',
  'change-data-capture',
  'pooler',
] as const;
export type SoftProtection = (typeof softProtections)[number];

/** A session that the team itself wants left alone, and why. */
export interface CustomProtection {
  readonly matcher: Matcher;
  readonly reason: string;
}

/** A policy as it was written, read: a preset stands where its rules will, since they differ by engine. */
export interface WrittenPolicy {
  readonly rules: readonly (Rule | Preset)[];
  readonly protect: readonly CustomProtection[];
  readonly lift: readonly SoftProtection[];
  /** At most `perSweep` sessions, and at most this fraction of the client sessions seen. */
  readonly caps: { readonly perSweep: number; readonly share: number };
}

/** The rules of a target, in order; the first that matches a session decides about it. */
export interface Policy extends WrittenPolicy {
  readonly rules: readonly Rule[];
  /** The presets that some of these rules stand for: what findings know of a program. */
  readonly presets: readonly Preset[];
  /** What its rules may do that nobody wants, in sentences: told with every report. */
  readonly warnings: readonly string[];
}

/** Used where a policy names no caps: small enough to survive a bad policy, large enough to unclog a server. */
export const defaultCaps = { perSweep: 50, share: 0.5 } as const;

const reasonExpected = 'a sentence that says why, 1 to 200 characters';
const reason = z
  .string({ error: reasonExpected })
  .min(1, { error: reasonExpected })
  .max(200, { error: reasonExpected })
  .meta({ description: 'Why; shown wherever this protection spares a session.' });

const protectionSchema = strictObject({ ...matcherShape, reason })
  .refine(namesSomething, {
    error: `at least one of ${matcherKeys.join(', ')}, beside reason`,
    ...unlessKeyUnknown,
  })
  .transform(({ reason, ...matcher }): CustomProtection => ({ matcher: toMatcher(matcher), reason }));

const caps = strictObject({
  perSweep: wholeNumber(1, 10_000)
    .meta({ description: `At most so many sessions in one sweep; ${defaultCaps.perSweep} by default.` })
    .optional(),
  share: percentageSchema
    .meta({
      description: `At most this part of the client sessions seen, but at least one; ${defaultCaps.share * 100}% by default.`,
    })
    .optional(),
}).transform((value) => ({
  perSweep: value.perSweep ?? defaultCaps.perSweep,
  share: value.share ?? defaultCaps.share,
}));

const protectExpected = 'a list of at most 200 protections';
const liftExpected = `a list of: ${softProtections.join(' | ')}`;
const entrySchema = z.union([ruleSchema, presetSchema], {
  error:
    'a rule (an object with name, state and a time) or a preset (an object with preset and its settings)',
});
const policyShape = strictObject({
  rules: z
    .array(entrySchema, { error: 'a list of rules and presets' })
    .min(1, { error: 'at least one rule' })
    .max(100, { error: 'at most 100 rules' })
    .meta({
      description:
        'In order; the first rule that matches a session decides about it. A preset stands for several rules.',
    }),
  protect: z
    .array(protectionSchema, { error: protectExpected })
    .max(200, { error: protectExpected })
    .meta({ description: 'Sessions never to touch, added to what is always protected.' })
    .optional(),
  lift: z
    .array(z.enum(softProtections, { error: `one of: ${softProtections.join(' | ')}` }), {
      error: liftExpected,
    })
    .meta({ description: 'Protections that this policy gives up; they are on by default.' })
    .optional(),
  caps: caps.meta({ description: 'What one sweep may touch at most, whatever the rules say.' }).optional(),
});

/** Names used twice; the rules may be broken, and are then told elsewhere. */
function refineNames(policy: { readonly rules?: unknown }, context: z.RefinementCtx): void {
  if (!Array.isArray(policy.rules)) return;
  const names = new Set<unknown>();
  (policy.rules as unknown[]).forEach((entry, index) => {
    const own = ruleNamesOf(entry);
    const again = own.find((name) => names.has(name));
    if (again !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['rules', index, 'name'],
        message:
          again === own[0] && own.length === 1
            ? 'a name no other rule has'
            : `a name that gives its rules names no other rule has: ${again} is taken`,
      });
    for (const name of own) names.add(name);
  });
}

/** A policy as people write it, read; expandPolicy makes of it what core/decide trusts. */
export const policySchema = policyShape
  .superRefine(refineNames, evenIfBroken)
  .transform((policy): WrittenPolicy => ({
    rules: policy.rules,
    protect: policy.protect ?? [],
    lift: policy.lift ?? [],
    caps: policy.caps ?? defaultCaps,
  }));
