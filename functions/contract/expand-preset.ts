import type { Preset, presetRules } from './preset.ts';
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
  if (keptMs === null)
    return [blocker, toRule(preset, 'transaction', { states: inTransaction, forMs: workMs })];
  const knowsAge = engine === 'postgres' && keptBy === 'age';
  const past = knowsAge ? { forMs: workMs, openMs: keptMs + workMs } : { forMs: keptMs + workMs };
  return [
    blocker,
    toRule(preset, 'transaction', { states: inTransaction, ...past }),
    toRule(preset, 'idle', { states: ['idle'], ...past }),
  ];
}

type Asked = Pick<Rule, 'states'> & Partial<Pick<Rule, 'forMs' | 'openMs' | 'transactionMs' | 'blockingMs'>>;

function toRule({ name, match, except }: Preset, suffix: (typeof presetRules)[number], asked: Asked): Rule {
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
    action: 'terminate',
    ...asked,
  };
}
