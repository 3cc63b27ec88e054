import { type Preset, presetRules } from '../../contract/preset.ts';
import { compileMatcher, matchAnyField, matchSession } from '../decide/matcher.ts';
import type { ChosenGroup } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';

/** The preset of which a rule took this group, so that the policy itself says what program it is. */
export function presetOf(presets: readonly Preset[] = [], { rule }: ChosenGroup): Preset | null {
  return presets.find(({ name }) => presetRules.some((suffix) => rule === `${name}-${suffix}`)) ?? null;
}

/** The first preset that speaks of a session, whether or not one of its rules took it. */
export function presetFor(presets: readonly Preset[] = [], session: Session): Preset | null {
  return presets.find((preset) => speaksOf(preset, session)) ?? null;
}

/** What people call the setting in the program itself, where unleak.yaml has it in its own spelling. */
export function settingOf({ setting }: Preset): string {
  return inTheProgram[setting] ?? setting;
}

const inTheProgram: Readonly<Record<string, string>> = {
  connMaxAge: 'CONN_MAX_AGE',
  poolRecycle: 'pool_recycle',
  idleTimeout: 'idleTimeoutMillis',
  version: 'the end of a task',
  pool: "the pool's check before use",
};

function speaksOf({ match, except }: Preset, session: Session): boolean {
  return (
    matchSession(compileMatcher(match), session) === 'yes' &&
    matchAnyField(compileMatcher(except), session) === 'no'
  );
}
