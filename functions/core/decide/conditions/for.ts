import { formatDuration } from '../../text/format-duration.ts';
import { atLeast, type Condition, tooShort, withLimit } from './condition.ts';

/** The session has been in its state for long enough. */
export const forTime: Condition = {
  name: 'for',
  subject: 'the time in its state',
  ask: ({ rule }, { stateMs }) => atLeast(stateMs, rule.forMs),
  describeMiss: ({ rule }, { state, stateMs }) =>
    tooShort(`${state ?? 'in its state'} for`, stateMs, rule.forMs),
  describeMatch: ({ forMs }, { state, stateMs }) => {
    const words = state ?? 'unknown';
    if (forMs !== null) return `${words} for ${withLimit(stateMs, forMs)}`;
    return stateMs === null ? words : `${words} for ${formatDuration(stateMs)}`;
  },
};
