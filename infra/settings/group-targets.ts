import type { WatchedGroup, WatchedTarget } from '../constructs/target-alarms.ts';

/* With three resources for a target, 120 targets leave room for everything else among 500. */
const mostWithOwnAlarms = 120;
const mostInAlarm = 10; // metrics that an alarm on an expression takes

/** Each target by itself, or in a large installation ten of the same pace together. */
export function groupTargets(targets: readonly WatchedTarget[]): WatchedGroup[] {
  if (targets.length <= mostWithOwnAlarms)
    return targets.map((target) => ({ id: target.name, targets: [target] }));
  const paces = [...new Set(targets.map(paceOf))];
  return paces.flatMap((pace) => inTens(targets.filter((target) => paceOf(target) === pace)));
}

/** Two crons of one pace may pause at different times, so their times count too. */
function paceOf({ times }: WatchedTarget): string {
  return times;
}

/** Named for its first target, so that a target added at the end of the file changes no other group. */
function inTens(targets: readonly WatchedTarget[]): WatchedGroup[] {
  const first = targets[0];
  if (first === undefined) return [];
  const group = { id: `${first.name}-and-others`, targets: targets.slice(0, mostInAlarm) };
  return [group, ...inTens(targets.slice(mostInAlarm))];
}
