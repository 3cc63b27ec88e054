import type { ChosenGroup } from '../group-chosen.ts';
import { groupBy } from '../group-by.ts';
import { firstWord, lineInName } from './program-name.ts';

/** Groups that differ only by the line in their name (`shop reports.py:8`) as one of the program's, the largest first. */
export function mergeLines(groups: readonly ChosenGroup[]): readonly ChosenGroup[] {
  const alike = groupBy(groups, ({ rule, user, application, client, database }) =>
    JSON.stringify([
      rule,
      user,
      lineInName(application) ? firstWord(application) : application,
      client,
      database,
    ]),
  );
  const merged = [...alike.values()].flatMap((some): ChosenGroup[] => {
    const [first] = some;
    if (!first || some.length === 1) return [...some];
    return [
      {
        ...first,
        application: firstWord(first.application),
        sessions: some.flatMap(({ sessions }) => sessions),
      },
    ];
  });
  return merged.sort((a, b) => b.sessions.length - a.sessions.length);
}
