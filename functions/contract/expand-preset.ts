import type { PoolLimits, Preset, presetRules } from './preset.ts';
import type { Rule, RuleState } from './rule.ts';
import type { EngineName } from './target.ts';

/** How long a session must have kept others waiting to be ended as a blocker. */
const blockingMs = 10_000;

const inTransaction: readonly RuleState[] = ['idle in transaction', 'idle in transaction (aborted)'];

/**
 * The rules a preset stands for. Work that began while the program still kept the connection ends `workMs` later, and
 * work that begins after that drops it: a connection past both belongs to nobody. MySQL does not tell the age of a
 * connection, but it is never less than the time idle.
 *
 * A blocker's time is that of its transaction: a keepalive begins its time in the state anew, and others wait all the same.
 */
export function expandPreset(preset: Preset, engine: EngineName): readonly Rule[] {
  const { keptMs, keptBy, workMs } = preset;
  const blocker = toRule(preset, 'blocker', { states: inTransaction, transactionMs: workMs, blockingMs });
  const transaction = toRule(preset, 'transaction', { states: inTransaction, forMs: workMs });
  if (preset.pool !== null)
    return [blocker, transaction, ...expandPool(preset, preset.pool, engine === 'postgres')];
  if (keptMs === null) return [blocker, transaction];
  const knowsAge = engine === 'postgres' && keptBy === 'age';
  const past = knowsAge ? { forMs: workMs, openMs: keptMs + workMs } : { forMs: keptMs + workMs };
  return [
    blocker,
    toRule(preset, 'transaction', { states: inTransaction, ...past }),
    toRule(preset, 'idle', { states: ['idle'], ...past }),
  ];
}

/**
 * A connection in a pool is in no transaction, so those are checked out. An idle one may be in the pool at whatever age, since
 * the pool looks at it only when it is given back: it is ended only where the pool tries it before use, else only reported.
 * What a quiet pool keeps is not reported.
 */
function expandPool(preset: Preset, { lifetimeMs, unusedMs, least }: PoolLimits, knowsAge: boolean): Rule[] {
  if (lifetimeMs === null) return [];
  const { workMs, keptMs } = preset;
  const past = knowsAge
    ? { forMs: (unusedMs ?? 0) + workMs, openMs: lifetimeMs + workMs }
    : { forMs: Math.max(lifetimeMs, unusedMs ?? 0) + workMs };
  if (keptMs !== null) return [toRule(preset, 'idle', { states: ['idle'], ...past })];
  const quiet = least === 0 ? {} : { group: byPool, keep: { which: 'newest' as const, count: least } };
  return [toRule(preset, 'idle', { states: ['idle'], ...past, ...quiet, action: 'report' })];
}

const byPool: Rule['group'] = ['user', 'database', 'application', 'client'];

type Asked = Pick<Rule, 'states'> & Partial<Rule>;

function toRule(
  { name, match, except, action }: Preset,
  suffix: (typeof presetRules)[number],
  asked: Asked,
): Rule {
  return {
    name: `${name}-${suffix}`,
    forMs: null,
    openMs: null,
    transactionMs: null,
    blockingMs: null,
    waitingMs: null,
    waitingForClient: false,
    unused: false,
    match,
    except,
    group: [],
    minimum: null,
    keep: null,
    most: null,
    utilization: null,
    action,
    ...asked,
  };
}
