import { cleanText } from '../clean-text.ts';
import type { ChosenGroup } from '../group-chosen.ts';
import type { Plan } from '../plan.ts';
import type { Snapshot } from '../snapshot.ts';

/** What a diagnosis looks at: one snapshot, what was decided about it, and the chosen by who opened them. */
export interface Situation {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  readonly groups: readonly ChosenGroup[];
}

/** Who a group is, in words that are harmless to print: `user shop, application celery, from 10.0.0.7`. */
export function nameGroup({ user, application, client }: ChosenGroup): string {
  const parts = [`user ${user === null ? '(unknown)' : cleanText(user, 64)}`];
  if (application) parts.push(`application ${cleanText(application, 64)}`);
  if (client) parts.push(`from ${cleanText(client, 64)}`);
  return parts.join(', ');
}

/** `1 session`, `2 sessions`. */
export function countSessions(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`;
}
