import { type Matcher } from './pattern.ts';
import {
  closesAfterTask,
  lambdaLongestMs,
  type PresetInput,
  type PresetName,
  presetShapes,
} from './preset-shapes.ts';

export { type PresetName, presetNames } from './preset-shapes.ts';

/** What a pool like psycopg_pool does with its connections. */
export interface PoolLimits {
  /** It closes one of this age when it is given back; null: never. */
  readonly lifetimeMs: number | null;
  /** It closes one that was not needed for so long; null: never. */
  readonly unusedMs: number | null;
  /** But keeps so many. */
  readonly least: number;
}

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
  /** Its own pool's limits, where a pool keeps the connections; `keptMs` is null where the pool hands out dead ones. */
  readonly pool: PoolLimits | null;
  /** Report: ending a session does harm, so its rules only report. */
  readonly action: 'terminate' | 'report';
  /** What advice depends on: persistent connections under ASGI, or Celery that closes them after each task. */
  readonly habit: 'persists-under-asgi' | 'closes-after-task' | null;
  /** No request, task or invocation lasts longer. */
  readonly workMs: number;
  readonly match: Matcher;
  readonly except: Matcher;
}

/** Unless the file says otherwise: no request lasts longer. gunicorn gives up after 30s, most load balancers after 60s. */
const defaultRequestMs = 60_000;
/** HikariCP's own default of maxLifetime. */
const hikariLifetimeMs = 30 * 60_000;

/** An entry of `rules` that stands for several. */
export const presetSchema = presetShapes.transform((input): Preset => ({
  ...numbersOf(input),
  preset: input.preset,
  name: input.name ?? input.preset,
  match: input.match ?? {},
  except: input.except ?? {},
}));

type Numbers = Omit<Preset, 'preset' | 'name' | 'match' | 'except'>;

/** A program that checks a connection before each use drops a dead one by itself, whatever its age. */
function numbersOf(input: PresetInput): Numbers {
  switch (input.preset) {
    case 'django':
      return input.pool === undefined ? djangoAlone(input) : djangoPool(input, input.pool);
    case 'celery':
      return closesAfterTask(input.version)
        ? { ...byAge('version', 0, input.taskTimeLimit), habit: 'closes-after-task' }
        : byAge('connMaxAge', input.connMaxAge ?? 0, input.taskTimeLimit);
    case 'sqlalchemy':
      return byAge('poolRecycle', input.prePing ? 0 : input.poolRecycle, input.requestTimeout);
    case 'hikaricp':
      return byAge('maxLifetime', input.maxLifetime ?? hikariLifetimeMs, input.requestTimeout);
    case 'node-postgres':
      return nodePostgres(input);
    case 'lambda':
      return { ...byAge('functionTimeout', 0, input.functionTimeout ?? lambdaLongestMs), keptBy: 'idle' };
  }
}

function byAge(setting: string, kept: number | 'none', workMs = defaultRequestMs): Numbers {
  return {
    ...{ setting, keptMs: toMs(kept), keptBy: 'age', workMs },
    ...{ pool: null, action: 'terminate', habit: null },
  };
}

function toMs(kept: number | 'none'): number | null {
  return kept === 'none' ? null : kept;
}

type InputOf<N extends PresetName> = Extract<PresetInput, { readonly preset: N }>;

function djangoAlone({ connMaxAge = 0, healthChecks, server, requestTimeout }: InputOf<'django'>): Numbers {
  const numbers = byAge('connMaxAge', healthChecks ? 0 : connMaxAge, requestTimeout);
  return { ...numbers, habit: server === 'asgi' && connMaxAge !== 0 ? 'persists-under-asgi' : null };
}

/** psycopg_pool looks at the age of a connection only when it is given back, and tries it before use only with health checks. */
function djangoPool(
  { healthChecks, requestTimeout }: InputOf<'django'>,
  { minSize = 4, maxIdle = 10 * 60_000, maxLifetime = 3_600_000 }: NonNullable<InputOf<'django'>['pool']>,
): Numbers {
  return {
    ...byAge('pool', healthChecks ? 0 : 'none', requestTimeout),
    pool: { lifetimeMs: toMs(maxLifetime), unusedMs: toMs(maxIdle), least: minSize },
  };
}

/** The pool closes what nobody uses, so that what is older is checked out: to end that ends the process, if nothing listens. */
function nodePostgres(input: InputOf<'node-postgres'>): Numbers {
  const { idleTimeout, maxLifetime, errorListener, requestTimeout } = input;
  const action = errorListener ? 'terminate' : 'report';
  return idleTimeout === 'none' && maxLifetime !== undefined
    ? { ...byAge('maxLifetime', maxLifetime, requestTimeout), action }
    : { ...byAge('idleTimeout', idleTimeout, requestTimeout), keptBy: 'idle', action };
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
