import { writeDuration } from './duration.ts';
import { mayShareSessions } from './may-share-sessions.ts';
import type { WrittenPolicy } from './policy.ts';
import type { Rule } from './rule.ts';
import { isPreset, type Preset } from './preset.ts';
import type { EngineName } from './target.ts';

/** Something a policy may mean, but that its owner should know; `path` is within the policy. */
export interface Warning {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What the rules of a policy may do to programs that its presets speak of, on this engine. */
export function warningsOf({ rules }: WrittenPolicy, engine: EngineName): readonly Warning[] {
  const presets = rules.filter(isPreset);
  return rules.flatMap((entry, index) =>
    isPreset(entry)
      ? warnOfKeeping(entry, index)
      : presets.flatMap((preset) => warnOfHaste(entry, preset, engine, index)),
  );
}

function warnOfKeeping({ name, setting, keptMs }: Preset, index: number): Warning[] {
  if (keptMs !== null) return [];
  return [
    {
      path: ['rules', index, setting],
      message: `The preset ${name} ends no idle session: with ${setting}: none the program keeps its connections for good, and its next use of an ended one fails.`,
    },
  ];
}

/** A rule that may end what the program would still use: the next request on such a connection fails. */
function warnOfHaste(rule: Rule, preset: Preset, engine: EngineName, index: number): Warning[] {
  const { keptMs, workMs, name, setting } = preset;
  if (keptMs === null || rule.action === 'cancel' || !rule.states.includes('idle')) return [];
  const asksAge = engine === 'postgres' && preset.keptBy === 'age';
  const leastMs = Math.max(rule.forMs, asksAge ? (rule.openMs ?? 0) : 0);
  if (leastMs >= keptMs || !mayShareSessions(rule, preset)) return [];
  const wanted = `${asksAge ? 'open' : 'for'}: ${writeDuration(keptMs + workMs)}`;
  return [
    {
      path: ['rules', index, 'for'],
      message: `The rule ${rule.name} may end sessions idle for ${writeDuration(rule.forMs)} that ${name} still uses, since its ${setting} is ${writeDuration(keptMs)}: the next request on such a connection fails. Give it ${wanted}, or leave those sessions out by \`except\`.`,
    },
  ];
}
