import { writeDuration } from './duration.ts';
import { expandPreset } from './expand-preset.ts';
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
  return rules.flatMap((entry, index) => {
    if (!isPreset(entry))
      return [
        ...warnOfStrangers(entry, ['rules', index, 'group']),
        ...presets.flatMap((preset) => [
          ...warnOfHaste(entry, preset, engine, ['rules', index, 'for']),
          ...warnOfDeath(entry, preset, ['rules', index, 'action']),
        ]),
      ];
    const others = presets.filter((preset) => preset !== entry);
    const own = expandPreset(entry, engine);
    return [
      ...warnOfKeeping(entry, index),
      ...others.flatMap((preset) => warnOfDeath(entry, preset, ['rules', index, 'preset'])),
      ...own.flatMap((rule) =>
        others.flatMap((preset) => warnOfHaste(rule, preset, engine, ['rules', index, 'preset'])),
      ),
    ];
  });
}

/** A group without the user counts strangers who call themselves the same: only the user is no name of the client's own choice. */
function warnOfStrangers({ name, group, keep, minimum, match }: Rule, path: Warning['path']): Warning[] {
  const counted = [...(keep === null ? [] : ['keep']), ...(minimum === null ? [] : ['minimum'])];
  if (group.length === 0 || group.includes('user') || match.user || counted.length === 0) return [];
  const keys = counted.map((key) => `\`${key}\``).join(' and ');
  return [
    {
      path,
      message: `The rule ${name} counts sessions of all users for ${keys}: whoever opens sessions of the same ${group.join(', ')} takes places of yours, which are ended instead. Write group: [user, ${group.join(', ')}], or match the user.`,
    },
  ];
}

/** A rule that may end a client of node-postgres that is checked out: its process dies. */
function warnOfDeath(entry: Rule | Preset, preset: Preset, path: Warning['path']): Warning[] {
  const isHarmless = entry.action !== 'terminate' || preset.action !== 'report';
  if (isHarmless || !mayShareSessions(entry, preset)) return [];
  const message = `The rules of ${entry.name} may end sessions of ${preset.name}: a client that is checked out ends its whole process, unless the program listens on it (errorListener: true). Leave those sessions out by \`except\`.`;
  return [{ path, message }];
}

function warnOfKeeping({ name, setting, keptMs, pool }: Preset, index: number): Warning[] {
  if (keptMs !== null || pool !== null) return [];
  return [
    {
      path: ['rules', index, setting],
      message: `The preset ${name} ends no idle session: with ${setting}: none the program keeps its connections for good, and its next use of an ended one fails.`,
    },
  ];
}

/** A rule that may end what the program would still use: the next request on such a connection fails. */
function warnOfHaste(rule: Rule, preset: Preset, engine: EngineName, path: Warning['path']): Warning[] {
  if (preset.action === 'report') return []; // warnOfDeath says more
  const { keptMs, name, setting } = preset;
  if (rule.action !== 'terminate' || !rule.states.includes('idle') || !mayShareSessions(rule, preset))
    return [];
  const asksAge = engine === 'postgres' && preset.keptBy === 'age';
  const leastMs = Math.max(rule.forMs ?? 0, asksAge ? (rule.openMs ?? 0) : 0);
  if (keptMs !== null && leastMs >= keptMs) return [];
  const kept = keptMs === null ? 'none' : writeDuration(keptMs);
  const since = `${name} still uses, since its ${setting} is ${kept}: the next request on such a connection fails`;
  return [
    {
      path,
      message: `The rule ${rule.name} may end ${describeIdle(rule)} that ${since}. ${toRemedy(rule, preset, path, asksAge)}`,
    },
  ];
}

function describeIdle({ forMs }: Rule): string {
  return forMs === null ? 'idle sessions' : `sessions idle for ${writeDuration(forMs)}`;
}

/** A rule of a preset has no limit of its own to change, and no limit is long enough for what is kept for good. */
function toRemedy({ name }: Rule, preset: Preset, path: Warning['path'], asksAge: boolean): string {
  if (path.at(-1) === 'preset')
    return `Give both presets a \`match\` that keeps their programs apart, or leave those sessions out of ${name} by \`except\`.`;
  if (preset.keptMs === null) return 'Leave those sessions out by `except`.';
  const wanted = `${asksAge ? 'open' : 'for'}: ${writeDuration(preset.keptMs + preset.workMs)}`;
  return `Give it ${wanted}, or leave those sessions out by \`except\`.`;
}
