import { defangName } from '../text/defang.ts';
import type { ReportedWait } from '../model/report.ts';
import { answerOf, evidenceOf, remedyOf, titleOf } from '../waiting/describe-wait.ts';
import type { Finding, FindingWho } from './finding.ts';
import type { Situation } from './situation.ts';

/** So many who wait, or for so long, want somebody now. */
const criticalSessions = 5;
const criticalMs = 5 * 60_000;

/** People who wait for a lock: who, behind whom, since when, and how it ends; whatever the policy says of them. */
export function findWaiting({ waits = [] }: Situation): Finding[] {
  return waits.map((wait) => ({
    code: 'waiting',
    severity: isCritical(wait) ? 'critical' : 'warning',
    certainty: 'certain',
    ...whoOf(wait),
    title: titleOf(wait),
    evidence: `${evidenceOf(wait)} ${answerOf(wait)}`,
    advice: remedyOf(wait),
  }));
}

function isCritical({ sessions, longestMs, isOver }: ReportedWait): boolean {
  return !isOver && (sessions >= criticalSessions || (longestMs ?? 0) >= criticalMs);
}

/** Whoever opened the root is to be told; of several, the first. */
function whoOf({ roots: [root] }: ReportedWait): { readonly who?: FindingWho } {
  if (!root) return {};
  const clean = (text: string | null | undefined) => (text ? defangName(text) : (text ?? null));
  const { user, session } = root;
  return {
    who: {
      user: clean(user),
      application: clean(session?.application),
      client: clean(session?.client),
    },
  };
}
