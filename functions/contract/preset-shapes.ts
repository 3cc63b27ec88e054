import * as z from 'zod';
import { parseDuration } from './duration.ts';
import { durationSchema } from './duration-schema.ts';
import { presetNameSchema } from './name.ts';
import { matcherSchema } from './pattern.ts';
import { strictObject } from './strict-object.ts';
import { wholeNumber } from './whole-number.ts';

/** Kinds of programs whose rules unleak knows; docs/presets.md shows the rules and the reasons for their numbers. */
export const presetNames = ['django', 'celery', 'sqlalchemy', 'hikaricp', 'node-postgres', 'lambda'] as const;
export type PresetName = (typeof presetNames)[number];

/** The longest time-out that AWS lets a function have. */
export const lambdaLongestMs = 15 * 60_000;

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

const poolShape = strictObject({
  minSize: wholeNumber(0, 10_000)
    .meta({ description: 'min_size: so many stay open at quiet times; 4 by default.' })
    .optional(),
  maxIdle: kept('max_idle; 10m by default.').optional(),
  maxLifetime: kept('max_lifetime; 1h by default.', 1).optional(),
}).meta({
  description: "OPTIONS['pool'] (Django 5.1, psycopg_pool), or a pool like it; {} where it is True.",
});

const ageExpected = 'a duration such as 300s, 0s where nothing is kept, or none where it is kept for good';
const versionExpected = "Celery's version in quotes, such as '5.4'";

interface Ages {
  readonly connMaxAge?: number | 'none' | undefined;
}

function refineDjango({ connMaxAge, pool }: Ages & { pool?: unknown }, context: z.RefinementCtx): void {
  const message =
    pool === undefined ? ageExpected : '0s, or leave it out: Django keeps no connection itself beside a pool';
  if (pool === undefined ? connMaxAge === undefined : (connMaxAge ?? 0) !== 0)
    context.addIssue({ code: 'custom', path: ['connMaxAge'], message });
}

function refineCelery(
  { connMaxAge, version }: Ages & { version?: string | undefined },
  context: z.RefinementCtx,
): void {
  if (connMaxAge === undefined && !closesAfterTask(version))
    context.addIssue({ code: 'custom', path: ['connMaxAge'], message: ageExpected });
}

/** Celery 5.6 went back to closing the connection after each task (its pull request 9824). */
export function closesAfterTask(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 5 || (major === 5 && minor >= 6);
}

const shapes = [
  presetShape('django', {
    connMaxAge: kept("Django's CONN_MAX_AGE; with a pool 0s, or left out.").optional(),
    healthChecks: checked.meta({ description: 'CONN_HEALTH_CHECKS is True (Django 4.1).' }).optional(),
    server: z
      .enum(['wsgi', 'asgi'], { error: 'wsgi or asgi' })
      .meta({ description: 'What serves the requests; under asgi no CONN_MAX_AGE but 0 is sound.' })
      .optional(),
    pool: poolShape.optional(),
    requestTimeout,
  })
    .superRefine(refineDjango)
    .meta({ anyOf: [{ required: ['connMaxAge'] }, { required: ['pool'] }] }),
  presetShape('celery', {
    version: z
      .string({ error: versionExpected })
      .regex(/^\d+\.\d+(?:\.\w+)*$/, { error: versionExpected })
      .meta({ description: "Celery's version, quoted: from '5.6' on every task closes its connection." })
      .optional(),
    connMaxAge: kept(
      "Django's CONN_MAX_AGE, which Celery's workers obey between tasks before version 5.6.",
    ).optional(),
    taskTimeLimit: work("Celery's task_time_limit: no task takes longer. A duration such as 10m."),
  })
    .superRefine(refineCelery)
    .meta({ anyOf: [{ required: ['connMaxAge'] }, { required: ['version'] }] }),
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
    maxLifetime: kept("The pool's maxLifetimeSeconds, where it has one.", 1).optional(),
    errorListener: checked
      .meta({
        description:
          "Every client has an 'error' listener of its own, so that sessions may be ended; without it, they are only reported.",
      })
      .optional(),
    requestTimeout,
  }),
  presetShape('lambda', {
    functionTimeout: work('The time-out of the functions; 15m by default, the longest there is.')
      .refine((ms) => ms <= lambdaLongestMs, { error: 'at most 15m, the longest there is' })
      .optional(),
  }),
] as const;
/** A preset as people write it. */
export const presetShapes = z.discriminatedUnion('preset', shapes, {
  error: `one of: ${presetNames.join(' | ')}`,
});
export type PresetInput = z.output<typeof presetShapes>;
