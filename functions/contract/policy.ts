import * as z from 'zod';
import { durationSchema } from './duration.ts';
import { type Matcher, matcherSchema, matcherShape, matchFields, namesSomething } from './pattern.ts';
import { percentageSchema } from './percentage.ts';

/** The states a rule can speak of, in PostgreSQL's words on both engines. */
export const ruleStates = ['idle', 'idle in transaction', 'idle in transaction (aborted)', 'active'] as const;
export type RuleState = (typeof ruleStates)[number];

/** What sessions can be counted by; application is application_name or MySQL's program_name. */
export const groupFields = ['user', 'database', 'application', 'client'] as const;
export type GroupField = (typeof groupFields)[number];

/** Protections that are on by default and that a policy can lift by name; each is described in docs/policy.md. */
export const softProtections = [
  'listen',
  'advisory-lock',
  'backup',
  'migration',
  'change-data-capture',
  'pooler',
] as const;
export type SoftProtection = (typeof softProtections)[number];

/** What is done to a chosen session: end it, or only its statement. */
export type Action = 'terminate' | 'cancel';

/** A reason to end a session; every threshold is inclusive and measured on the database's clock. */
export interface Rule {
  readonly name: string;
  readonly states: readonly RuleState[];
  readonly forMs: number;
  readonly openMs: number | null;
  readonly transactionMs: number | null;
  readonly blockingMs: number | null;
  readonly unused: boolean;
  readonly match: Matcher;
  readonly except: Matcher;
  readonly group: readonly GroupField[];
  readonly minimum: number | null;
  readonly keep: { readonly which: 'newest' | 'oldest'; readonly count: number } | null;
  readonly most: number | null;
  /** Fractions of the slots that ordinary logins can use. */
  readonly utilization: { readonly above: number; readonly until: number | null } | null;
  readonly action: Action;
}

/** A session that the team itself wants left alone, and why. */
export interface CustomProtection {
  readonly matcher: Matcher;
  readonly reason: string;
}

/** The rules of a target, in order; the first that matches a session decides about it. */
export interface Policy {
  readonly rules: readonly Rule[];
  readonly protect: readonly CustomProtection[];
  readonly lift: readonly SoftProtection[];
  /** At most `perSweep` sessions, and at most this fraction of the client sessions seen. */
  readonly caps: { readonly perSweep: number; readonly share: number };
}

/** Used where a policy names no caps: small enough to survive a bad policy, large enough to unclog a server. */
export const defaultCaps = { perSweep: 50, share: 0.5 } as const;

const oneState = z.enum(ruleStates, { error: `one of: ${ruleStates.join(' | ')}` });
const states = z
  .union([oneState, z.array(oneState).min(1, { error: 'at least one state' })], {
    error: `one of, or a list of: ${ruleStates.join(' | ')}`,
  })
  .transform((value): readonly RuleState[] => (Array.isArray(value) ? value : [value]));

const count = z.int({ error: 'a whole number, 1 or more' }).min(1, { error: 'a whole number, 1 or more' });
const keepExpected = 'either newest or oldest with a whole number, such as { newest: 2 }';
const keep = z
  .strictObject({ newest: count.optional(), oldest: count.optional() })
  .refine((value) => (value.newest === undefined) !== (value.oldest === undefined), { error: keepExpected })
  .transform((value) =>
    value.newest === undefined
      ? { which: 'oldest' as const, count: value.oldest ?? 0 }
      : { which: 'newest' as const, count: value.newest },
  );

const utilization = z
  .strictObject({ above: percentageSchema, until: percentageSchema.optional() })
  .refine((value) => value.until === undefined || value.until <= value.above, {
    path: ['until'],
    error: 'a percentage not above `above`',
  })
  .transform((value) => ({ above: value.above, until: value.until ?? null }));

export const nameExpected =
  'a name of lower-case letters, digits and dashes, 1 to 63 characters, such as celery-leak';
export const nameSchema = z
  .string({ error: nameExpected })
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, { error: nameExpected });

const second = durationSchema(1_000);

const ruleShape = z.strictObject({
  name: nameSchema,
  state: states,
  for: second,
  open: second.optional(),
  transaction: second.optional(),
  blocking: second.optional(),
  unused: z.literal(true, { error: 'true, or leave it out' }).optional(),
  match: matcherSchema.optional(),
  except: matcherSchema.optional(),
  group: z
    .array(z.enum(groupFields, { error: `one of: ${groupFields.join(' | ')}` }))
    .min(1, { error: 'at least one field' })
    .optional(),
  minimum: count.optional(),
  keep: keep.optional(),
  most: count.optional(),
  utilization: utilization.optional(),
  action: z.enum(['terminate', 'cancel'], { error: 'terminate or cancel' }).optional(),
});
type RuleInput = z.output<typeof ruleShape>;

function refineRule(rule: RuleInput, context: z.RefinementCtx<RuleInput>): void {
  const refuse = (key: keyof RuleInput, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  if (rule.action === 'cancel' && rule.state.some((state) => state !== 'active'))
    refuse('action', 'terminate: only an active session has a statement to cancel');
  if (rule.unused && rule.state.some((state) => state !== 'idle'))
    refuse('unused', 'only with state: idle, since it speaks of what happened before the session fell idle');
  if (rule.transaction !== undefined && rule.state.includes('idle'))
    refuse('transaction', 'not with state: idle, since an idle session has no transaction');
  if (rule.group && rule.minimum === undefined && !rule.keep && rule.most === undefined)
    refuse('group', 'together with minimum, keep or most, since nothing else counts within a group');
}

function toRule(rule: RuleInput): Rule {
  return {
    name: rule.name,
    states: rule.state,
    forMs: rule.for,
    openMs: rule.open ?? null,
    transactionMs: rule.transaction ?? null,
    blockingMs: rule.blocking ?? null,
    unused: rule.unused ?? false,
    match: rule.match ?? {},
    except: rule.except ?? {},
    group: rule.group ?? [],
    minimum: rule.minimum ?? null,
    keep: rule.keep ?? null,
    most: rule.most ?? null,
    utilization: rule.utilization ?? null,
    action: rule.action ?? 'terminate',
  };
}

export const ruleSchema = ruleShape.superRefine(refineRule).transform(toRule);

const reason = z
  .string({ error: 'a sentence that says why' })
  .min(1, { error: 'a sentence that says why' })
  .max(200, { error: 'at most 200 characters' });

const protectionSchema = z
  .strictObject({ ...matcherShape, reason })
  .refine(namesSomething, { error: `at least one of ${matchFields.join(', ')}, beside reason` })
  .transform(({ reason, ...matcher }): CustomProtection => ({ matcher, reason }));

const caps = z
  .strictObject({
    perSweep: count.max(10_000, { error: 'at most 10000' }).optional(),
    share: percentageSchema.optional(),
  })
  .transform((value) => ({
    perSweep: value.perSweep ?? defaultCaps.perSweep,
    share: value.share ?? defaultCaps.share,
  }));

const policyShape = z.strictObject({
  rules: z
    .array(ruleSchema, { error: 'a list of rules' })
    .min(1, { error: 'at least one rule' })
    .max(100, { error: 'at most 100 rules' }),
  protect: z.array(protectionSchema, { error: 'a list of protections' }).max(200).optional(),
  lift: z.array(z.enum(softProtections, { error: `one of: ${softProtections.join(' | ')}` })).optional(),
  caps: caps.optional(),
});

/** A policy as people write it, read into the form that core/decide trusts. */
export const policySchema = policyShape
  .superRefine((policy, context) => {
    policy.rules.forEach((rule, index) => {
      if (policy.rules.findIndex((other) => other.name === rule.name) < index)
        context.addIssue({
          code: 'custom',
          path: ['rules', index, 'name'],
          message: 'a name no other rule has',
        });
    });
  })
  .transform((policy): Policy => ({
    rules: policy.rules,
    protect: policy.protect ?? [],
    lift: policy.lift ?? [],
    caps: policy.caps ?? defaultCaps,
  }));
