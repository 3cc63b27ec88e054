import * as z from 'zod';
import { durationSchema, parseDuration } from './duration.ts';
import { presetNameSchema } from './name.ts';
import { type Matcher, matcherSchema } from './pattern.ts';
import { strictObject } from './strict-object.ts';

/** Kinds of programs whose rules unleak knows; docs/presets.md shows the rules and the reasons for their numbers. */
export const presetNames = ['django', 'celery', 'sqlalchemy', 'hikaricp', 'node-postgres', 'lambda'] as const;
export type PresetName = (typeof presetNames)[number];

/** A preset, read: how long the program may keep a connection, and how long it may be at work with one. */
export interface Preset {
  readonly preset: PresetName;
  /** What the names of its rules begin with. */
  readonly name: string;
  /** What `keptMs` is called where people set it, such as connMaxAge. */
  readonly setting: string;
  /** The program drops a connection of this age (`age`), or one unused for so long (`idle`), by itself; null: never. */
  readonly keptMs: number | null;
  readonly keptBy: 'age' | 'idle';
  /** No request, task or invocation lasts longer. */
  readonly workMs: number;
  readonly match: Matcher;
  readonly except: Matcher;
}

/** Unless the file says otherwise: no request lasts longer. gunicorn gives up after 30s, most load balancers after 60s. */
const defaultRequestMs = 60_000;
/** HikariCP's own default of maxLifetime. */
const hikariLifetimeMs = 30 * 60_000;
/** The longest time-out that AWS lets a function have. */
const lambdaLongestMs = 15 * 60_000;

const work = (description: string) => durationSchema(1_000).meta({ description });
const requestTimeout = work(
  'No request takes longer than this; 60s by default. A duration such as 30s or 2m.',
).optional();
const writtenKept = /^(?:none|(?:\d+(?:ms|s|m|h|d))+)$/;

/** How long a program keeps a connection; `leastMs` is 1 where the program's own 0 means for good. */
function kept(description: string, leastMs: 0 | 1 = 0) {
  const nothing =
    leastMs === 0 ? '0s where nothing is kept, or none' : "or none (which is this program's own 0)";
  const expected = `a duration such as 300s, ${nothing} where it is kept for good`;
  return z
    .string({ error: expected })
    .regex(writtenKept, { error: expected })
    .meta({ description: `${description} A duration such as 300s; none where it is kept for good.` })
    .transform((text, context): number | 'none' => {
      const keptMs = text === 'none' ? text : parseDuration(text);
      if (keptMs === 'none' || (keptMs !== null && keptMs >= leastMs)) return keptMs;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    });
}
const checked = z.literal(true, { error: 'true, or leave it out' });

function presetShape<N extends PresetName, S extends z.core.$ZodLooseShape>(name: N, shape: S) {
  return strictObject({
    preset: z.literal(name),
    name: presetNameSchema
      .meta({ description: `What the names of its rules begin with; ${name} by default.` })
      .optional(),
    ...shape,
    match: matcherSchema
      .meta({ description: 'Only sessions whose fields match: the programs whose settings these are.' })
      .optional(),
    except: matcherSchema
      .meta({ description: 'Never sessions of which any one of these fields matches.' })
      .optional(),
  });
}

const shapes = [
  presetShape('django', {
    connMaxAge: kept("Django's CONN_MAX_AGE."),
    healthChecks: checked.meta({ description: 'CONN_HEALTH_CHECKS is True (Django 4.1).' }).optional(),
    requestTimeout,
  }),
  presetShape('celery', {
    connMaxAge: kept("Django's CONN_MAX_AGE, which Celery's workers obey between tasks."),
    taskTimeLimit: work("Celery's task_time_limit: no task takes longer. A duration such as 10m."),
  }),
  presetShape('sqlalchemy', {
    poolRecycle: kept("SQLAlchemy's pool_recycle."),
    prePing: checked.meta({ description: 'pool_pre_ping is True.' }).optional(),
    requestTimeout,
  }),
  presetShape('hikaricp', {
    maxLifetime: kept("HikariCP's maxLifetime; 30m by default.", 1).optional(),
    requestTimeout,
  }),
  presetShape('node-postgres', {
    idleTimeout: kept("The pool's idleTimeoutMillis, 10s by node-postgres's default.", 1),
    requestTimeout,
  }),
  presetShape('lambda', {
    functionTimeout: work('The time-out of the functions; 15m by default, the longest there is.')
      .refine((ms) => ms <= lambdaLongestMs, { error: 'at most 15m, the longest there is' })
      .optional(),
  }),
] as const;
const presetShapes = z.discriminatedUnion('preset', shapes, { error: `one of: ${presetNames.join(' | ')}` });
type PresetInput = z.output<typeof presetShapes>;

/** An entry of `rules` that stands for several. */
export const presetSchema = presetShapes.transform((input): Preset => ({
  ...numbersOf(input),
  preset: input.preset,
  name: input.name ?? input.preset,
  match: input.match ?? {},
  except: input.except ?? {},
}));

type Numbers = Pick<Preset, 'setting' | 'keptMs' | 'keptBy' | 'workMs'>;

/** A program that checks a connection before each use drops a dead one by itself, whatever its age. */
function numbersOf(input: PresetInput): Numbers {
  switch (input.preset) {
    case 'django':
      return byAge('connMaxAge', input.healthChecks ? 0 : input.connMaxAge, input.requestTimeout);
    case 'celery':
      return byAge('connMaxAge', input.connMaxAge, input.taskTimeLimit);
    case 'sqlalchemy':
      return byAge('poolRecycle', input.prePing ? 0 : input.poolRecycle, input.requestTimeout);
    case 'hikaricp':
      return byAge('maxLifetime', input.maxLifetime ?? hikariLifetimeMs, input.requestTimeout);
    case 'node-postgres':
      return { ...byAge('idleTimeout', input.idleTimeout, input.requestTimeout), keptBy: 'idle' };
    case 'lambda':
      return { ...byAge('functionTimeout', 0, input.functionTimeout ?? lambdaLongestMs), keptBy: 'idle' };
  }
}

function byAge(setting: string, kept: number | 'none', workMs = defaultRequestMs): Numbers {
  return { setting, keptMs: kept === 'none' ? null : kept, keptBy: 'age', workMs };
}

/** The rules of every preset, in their order: what follows the preset's name in theirs. */
export const presetRules = ['blocker', 'transaction', 'idle'] as const;

/** The names an entry of `rules` gives; none where it is too broken to tell. */
export function ruleNamesOf(entry: unknown): readonly string[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { name, preset } = entry as { readonly name?: unknown; readonly preset?: unknown };
  if (preset === undefined) return typeof name === 'string' ? [name] : [];
  const prefix = name ?? preset;
  return typeof prefix === 'string' ? presetRules.map((rule) => `${prefix}-${rule}`) : [];
}

/** Whether an entry of `rules` stands for several. */
export function isPreset(entry: object): entry is Preset {
  return 'preset' in entry;
}
