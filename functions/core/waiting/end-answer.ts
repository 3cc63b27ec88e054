import type { Mode } from '../../contract/target.ts';
import { cleanText } from '../text/clean-text.ts';
import type { Decision, Plan } from '../model/plan.ts';
import type { Session } from '../model/session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Root } from './queue.ts';

/** Whether unleak ends a root by itself, and the sentence that says so or what prevents it. */
export interface EndAnswer {
  readonly willEnd: boolean;
  readonly says: string;
}

/** What there is to know beside the root; null where a snapshot is only looked at. */
export interface Sweeping {
  readonly snapshot: Snapshot;
  readonly plan: Plan | null;
  readonly mode: Mode;
}

/** Asks the plan about a root. */
export function answerEnd(root: Root, sweeping: Sweeping): EndAnswer {
  switch (root.kind) {
    case 'detached':
      return no('no session holds it, and unleak ends sessions only');
    case 'absent':
      return no('it is not among the sessions that unleak can see');
    case 'session': {
      const decision = sweeping.plan?.decisions.find(({ session }) => session === root.session);
      return decision ? answerDecision(decision, sweeping) : no('no policy was asked');
    }
  }
}

function answerDecision(decision: Decision, { mode, snapshot }: Sweeping): EndAnswer {
  const { verdict, session, protection } = decision;
  const rule = cleanText(decision.rule ?? '', 64);
  const hindrance = hindranceOf(session, snapshot);
  switch (verdict) {
    case 'terminate':
    case 'cancel': {
      const deed = verdict === 'terminate' ? 'ends it' : 'cancels its statement';
      if (hindrance) return no(`the rule ${rule} chose it, but ${hindrance}`);
      if (mode === 'dry-run') return no(`this is a dry run; an enforced sweep ${deed} by the rule ${rule}`);
      return { willEnd: true, says: `unleak ${deed} in this sweep, by the rule ${rule}` };
    }
    case 'reported':
      return no(`the rule ${rule} only reports it`);
    case 'capped':
      return no(`the rule ${rule} chose it, but the caps allow no more in one sweep`);
    case 'spared':
      return no(`the rule ${rule} leaves it itself: ${afterLast(decision.reason, '; spared: ')}`);
    case 'protected':
      return no(
        `the protection \`${protection ?? ''}\` forbids it: ${afterLast(decision.reason, 'protected: ')}`,
      );
    case 'no-rule':
      return no(`${hindrance ? `${hindrance}, and ` : ''}${whyNoRule(decision)}`);
  }
}

/** What forbids it whatever a rule says; null where nothing that the snapshot shows does. */
function hindranceOf(
  { kind, superuser, user, id }: Session,
  { killScope, missing }: Snapshot,
): string | null {
  if (kind === 'unleak') return 'it is a control connection of unleak';
  if (kind !== 'client')
    return 'it is no client: unleak never ends replication or the server’s own processes';
  if (superuser === true) return 'unleak never ends the sessions of superusers';
  if (killScope && (user === null || !killScope.users.includes(user) || killScope.butNot.includes(id)))
    return 'our login may not end the sessions of its user';
  return missing.some(({ prevents }) => prevents === 'ending')
    ? 'our login may not end the sessions of others'
    : null;
}

function whyNoRule({ session: { state }, reason }: Decision): string {
  const more = reason === 'no rule matches' ? '' : ` (${reason})`;
  if (state === 'idle')
    return `no rule of the policy matches${more}: it is idle, not idle in transaction, and holds a lock all the same`;
  if (state === 'active') return `no rule of the policy matches${more}: it is at work`;
  return `no rule of the policy matches${more}`;
}

function no(says: string): EndAnswer {
  return { willEnd: false, says };
}

function afterLast(text: string, mark: string): string {
  const at = text.lastIndexOf(mark);
  return at < 0 ? text : text.slice(at + mark.length);
}
