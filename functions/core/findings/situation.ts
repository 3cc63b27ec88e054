import { cleanText } from '../text/clean-text.ts';
import { defangName } from '../text/defang.ts';
import type { Preset } from '../../contract/preset.ts';
import type { ChosenGroup } from '../group-chosen.ts';
import type { Growing } from '../history/growth/growing.ts';
import type { Refill } from '../history/ledger.ts';
import type { Plan } from '../model/plan.ts';
import type { ReportedWait } from '../model/report.ts';
import type { FindingWho } from './finding.ts';
import { presetOf } from './programs.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** What a diagnosis looks at: one snapshot, what was decided about it, and the chosen by who opened them. */
export interface Situation {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  readonly groups: readonly ChosenGroup[];
  /** What the policy's rules may do that nobody wants. */
  readonly warnings?: readonly string[];
  /** What the policy itself says of programs: their kind and how long they keep a connection. */
  readonly presets?: readonly Preset[];
  /** People who wait for longer than `notify.waiting`. */
  readonly waits?: readonly ReportedWait[];
  /** What was opened again at once after earlier endings. */
  readonly refills?: readonly Refill[];
  /** What grows beyond what is usual, by the history. */
  readonly growing?: readonly Growing[];
  /** From which part of the slots taken on a server is nearly full; 80% where nobody says. */
  readonly nearlyFull?: number;
}

/** Who a group is, in words that are harmless to print: `user shop (application celery) from 10.0.0.7`. */
export function nameGroup({ user, application, client }: FindingWho): string {
  const parts = [`user ${user === null ? '(unknown)' : defangName(cleanText(user, 64))}`];
  if (application) parts.push(`(application ${defangName(cleanText(application, 64))})`);
  if (client) parts.push(`from ${defangName(cleanText(client, 64))}`);
  return parts.join(' ');
}

/** `1 session`, `2 sessions`. */
export function countSessions(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`;
}

/** Whom to tell about a group. */
export function whoOf({ user, application, client }: FindingWho): FindingWho {
  const clean = (text: string | null) => text && cleanText(text, 64);
  return { user: clean(user), application: clean(application), client: clean(client) };
}

/** Whether a group is Celery's: the policy says so, or its application's name or, where drivers give none, its user's. */
export function isCelery({ presets }: Situation, group: ChosenGroup): boolean {
  const preset = presetOf(presets, group);
  return preset ? preset.preset === 'celery' : /celery/i.test(group.application || (group.user ?? ''));
}

/** A name as SQL wants it: `shop`, `"shop-web"`. */
export function quoteRole(user: string | null): string {
  if (user === null) return 'the_role';
  return /^[a-z_][a-z0-9_]*$/.test(user) ? user : `"${cleanText(user, 64).replaceAll('"', '""')}"`;
}
