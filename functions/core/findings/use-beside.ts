import type { ChosenGroup } from '../group-chosen.ts';
import type { Session } from '../model/session.ts';
import { programKey } from './program-name.ts';
import type { Situation } from './situation.ts';

/** What was used within this time is in use. */
const freshMs = 60_000;

/** What one snapshot cannot tell from a leak while a program has no work: the sentence before such evidence. */
export const quietTime =
  'Idle web threads at a quiet time look the same, since no other session of this program was used within the last minute. ';

/** How a program's resting sessions stand beside its others. */
export interface UseBeside {
  /** Others of the same user and application that were used just now: where work comes in, resting ones were not in its way. */
  readonly countFresh: (group: ChosenGroup) => number;
  /** Whether the program may just be without work, so that its resting sessions are no evidence of a leak. */
  readonly isQuiet: (group: ChosenGroup) => boolean;
}

/** Reads once who is at work beside the chosen sessions. */
export function lookBeside(situation: Situation): UseBeside {
  const chosen = new Set(situation.groups.flatMap(({ sessions }) => sessions));
  const fresh = new Map<string, number>();
  for (const session of situation.snapshot.sessions)
    if (isFresh(session) && !chosen.has(session))
      fresh.set(programKey(session), (fresh.get(programKey(session)) ?? 0) + 1);
  const countFresh = (group: ChosenGroup) => fresh.get(programKey(group)) ?? 0;
  const isQuiet = (group: ChosenGroup) => countFresh(group) === 0 && !isShell(group);
  return { countFresh, isQuiet };
}

/** The clients of the terminal say that they are; nobody's pool rests in them. */
export function isShell({ application }: Pick<ChosenGroup, 'application'>): boolean {
  return application !== null && ['mysql', 'mariadb', 'psql'].includes(application);
}

function isFresh({ kind, state, stateMs }: Session): boolean {
  return kind === 'client' && (state === 'active' || (stateMs ?? freshMs) < freshMs);
}
