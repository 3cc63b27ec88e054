import * as z from 'zod';
import { durationSchema } from './duration-schema.ts';
import { nameSchema } from './name.ts';
import { type Matcher, matcherSchema } from './pattern.ts';
import { percentageSchema } from './percentage.ts';
import { evenIfBroken, strictObject, unlessKeyUnknown } from './strict-object.ts';
import { type TagField, tagFields } from './tag-names.ts';
import { wholeNumber } from './whole-number.ts';

/** The states a rule can speak of, in PostgreSQL's words on both engines. */
export const ruleStates = ['idle', 'idle in transaction', 'idle in transaction (aborted)', 'active'] as const;
export type RuleState = (typeof ruleStates)[number];

/** What sessions can be counted by; application is application_name or MySQL's program_name, a statement is without its literals. */
const plainGroupFields = ['user', 'database', 'application', 'client', 'statement'] as const;
export type GroupField = (typeof plainGroupFields)[number] | TagField;
export const groupFields: readonly GroupField[] = [...plainGroupFields, ...tagFields];

/** What is done to a session that a rule takes: end it, end only its statement, or only report it. */
export const actions = ['terminate', 'cancel', 'report'] as const;
export type Action = (typeof actions)[number];

/** A reason to end a session; every threshold is inclusive and measured on the database's clock. */
export interface Rule {
  readonly name: string;
  readonly states: readonly RuleState[];
  /** Null where `transactionMs`, `blockingMs` or `waitingMs` stands in its place. */
  readonly forMs: number | null;
  readonly openMs: number | null;
  readonly transactionMs: number | null;
  readonly blockingMs: number | null;
  /** Null: a session at work must wait for no lock. Else it must have waited for so long; 0 for however long. */
  readonly waitingMs: number | null;
  readonly waitingForClient: boolean;
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

const oneState = z.enum(ruleStates, { error: `one of: ${ruleStates.join(' | ')}` });
const states = z
  .union([oneState, z.array(oneState).min(1, { error: 'at least one state' })], {
    error: `one of, or a list of: ${ruleStates.join(' | ')}`,
  })
  .meta({
    description:
      'The state, or states, that the session is in; on MySQL, Sleep with an open transaction is idle in transaction.',
  })
  .transform((value): readonly RuleState[] => (Array.isArray(value) ? value : [value]));

const count = wholeNumber(1);
const keepExpected = 'either newest or oldest with a whole number, such as { newest: 2 }';
const keep = strictObject({ newest: count.optional(), oldest: count.optional() })
  .refine((value) => (value.newest === undefined) !== (value.oldest === undefined), {
    error: keepExpected,
    ...unlessKeyUnknown,
  })
  .meta({
    description:
      'How many of each group (without group: of each user) stay, by their time in the state: the newest or the oldest.',
  })
  .transform((value) =>
    value.newest === undefined
      ? { which: 'oldest' as const, count: value.oldest ?? 0 }
      : { which: 'newest' as const, count: value.newest },
  );

const utilization = strictObject({
  above: percentageSchema.meta({
    description:
      'The rule is in force while at least so much of the slots for ordinary logins is taken, or of the limit that its user, role or database has.',
  }),
  until: percentageSchema
    .meta({
      description:
        'End only as many as it takes to come down to this, of those who hold the most first; without it, all that match.',
    })
    .optional(),
})
  .refine((value) => value.until === undefined || value.until <= value.above, {
    path: ['until'],
    error: 'a percentage not above `above`',
  })
  .meta({ description: 'Only while the server is this full, and only as many as needed.' })
  .transform((value) => ({ above: value.above, until: value.until ?? null }));

/** A duration of at least a second, with what editors show about it. */
function threshold(description: string) {
  return durationSchema(1_000).meta({ description: `${description} A duration such as 15s, 10m or 1h30m.` });
}

const durationExpected = 'a duration such as 15s, 10m or 1h30m, at least 1s and at most 3650d';
const waiting = z
  .union([z.boolean(), durationSchema(1_000)], { error: `true, false, or ${durationExpected}` })
  .meta({
    description:
      'With state: active: true takes sessions that wait for a lock, a duration those that have waited for so long, false (default) those that wait for none.',
  });
const onlyTrue = z.literal(true, { error: 'true, or leave it out' });

const groupExpected = `a list of: ${groupFields.join(' | ')}`;
const ruleShape = strictObject({
  name: nameSchema.meta({
    description: 'How reports and metrics call this rule; no two rules share a name.',
  }),
  state: states,
  for: threshold(
    'Time the session has been in this state, at least; may be left out beside transaction, blocking or a waiting time.',
  ).optional(),
  open: threshold('Age of the connection, at least; PostgreSQL only.').optional(),
  transaction: threshold('Age of the open transaction, at least.').optional(),
  blocking: threshold('Has kept another session waiting, at least so long.').optional(),
  waiting: waiting.optional(),
  waitingForClient: onlyTrue
    .meta({
      description:
        'At work, and waiting for its client: a COPY FROM STDIN without data, a result that its client does not take. With state: active.',
    })
    .optional(),
  unused: onlyTrue
    .meta({ description: 'Never used again after its first work; PostgreSQL only, with state: idle.' })
    .optional(),
  match: matcherSchema
    .meta({ description: 'Only sessions whose fields match: within a field any value, across fields all.' })
    .optional(),
  except: matcherSchema
    .meta({
      description:
        'Never sessions of which any one of these fields matches; wins over everything else in the rule.',
    })
    .optional(),
  group: z
    .array(z.enum(groupFields, { error: `one of: ${groupFields.join(' | ')}` }), { error: groupExpected })
    .min(1, { error: groupExpected })
    .meta({
      description:
        'The fields within which minimum, keep and most count; without it, minimum and keep count by user, most over all that match.',
    })
    .optional(),
  minimum: count
    .meta({
      description:
        'The rule applies only to groups (without group: users) that have at least so many matching sessions.',
    })
    .optional(),
  keep: keep.optional(),
  most: count.meta({ description: 'End at most so many of each group in one sweep.' }).optional(),
  utilization: utilization.optional(),
  action: z
    .enum(actions, { error: `one of: ${actions.join(' | ')}` })
    .meta({
      description:
        'terminate (default) ends the session; cancel, with state: active, only its statement; report ends nothing and only reports the session.',
    })
    .optional(),
}).meta({ anyOf: ['for', 'transaction', 'blocking', 'waiting'].map((key) => ({ required: [key] })) });
type RuleInput = z.output<typeof ruleShape>;

type Refuse = (path: readonly string[], message: string) => void;

/** What no rule can mean; single fields may be broken, and are then told elsewhere. */
function refineRule(rule: Partial<RuleInput>, context: z.RefinementCtx<RuleInput>): void {
  const refuse: Refuse = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
  refineTimes(rule, refuse);
  refineWaiting(rule, refuse);
  const named = Array.isArray(rule.state) ? (rule.state as readonly RuleState[]) : [];
  if (rule.action === 'cancel' && named.some((state) => state !== 'active'))
    refuse(['action'], 'terminate, since only an active session has a statement to cancel');
  const frees = rule.action !== 'cancel' && rule.action !== 'report';
  if (!frees && rule.utilization?.until !== undefined)
    refuse(
      ['utilization', 'until'],
      `no \`until\` with action: ${rule.action}, since that frees no connection`,
    );
  if (rule.unused === true && named.some((state) => state !== 'idle'))
    refuse(
      ['unused'],
      'no `unused` but with state: idle alone, since it measures the work before the session fell idle',
    );
  if (rule.transaction !== undefined && named.includes('idle'))
    refuse(['transaction'], 'no `transaction` with state: idle, since an idle session has none');
  if (rule.group !== undefined && (rule.minimum ?? rule.keep ?? rule.most) === undefined)
    refuse(['group'], 'minimum, keep or most beside `group`, since nothing else counts within a group');
}

/** A rule without any time would end a session the moment it falls into a state (decision 55). */
function refineTimes(rule: Partial<RuleInput>, refuse: Refuse): void {
  const { for: time, transaction, blocking, waiting } = rule;
  if ([time, transaction, blocking].some((given) => given !== undefined)) return; // also one that is broken
  if (waiting === undefined || typeof waiting === 'boolean')
    refuse(
      ['for'],
      `${durationExpected}; only \`transaction\`, \`blocking\` or a \`waiting\` time can stand in its place`,
    );
}

function refineWaiting(rule: Partial<RuleInput>, refuse: Refuse): void {
  const named = Array.isArray(rule.state) ? (rule.state as readonly RuleState[]) : [];
  for (const key of ['waiting', 'waitingForClient'] as const)
    if (rule[key] !== undefined && named.some((state) => state !== 'active'))
      refuse([key], `no \`${key}\` but with state: active alone, since a session at rest waits for nothing`);
  if (rule.waitingForClient === true && rule.action === 'cancel')
    refuse(
      ['action'],
      'terminate beside `waitingForClient`, since a cancel cannot interrupt a session that waits for its client',
    );
  if (rule.waitingForClient === true && rule.waiting !== undefined && rule.waiting !== false)
    refuse(['waiting'], 'no `waiting` beside `waitingForClient`, since a session waits for one at a time');
}

function toRule(rule: RuleInput): Rule {
  return {
    name: rule.name,
    states: rule.state,
    forMs: rule.for ?? null,
    openMs: rule.open ?? null,
    transactionMs: rule.transaction ?? null,
    blockingMs: rule.blocking ?? null,
    waitingMs: toWaitingMs(rule.waiting),
    waitingForClient: rule.waitingForClient ?? false,
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

function toWaitingMs(waiting: RuleInput['waiting']): number | null {
  if (typeof waiting === 'number') return waiting;
  return waiting === true ? 0 : null;
}

/** A rule as people write it, read; policy.ts puts it beside others, and expandPolicy beside those of presets. */
export const ruleSchema = ruleShape.superRefine(refineRule, evenIfBroken).transform(toRule);
