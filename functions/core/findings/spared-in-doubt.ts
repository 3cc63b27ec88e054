import { cleanText } from '../text/clean-text.ts';
import type { Decision } from '../model/plan.ts';
import type { Session } from '../model/session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Finding } from './finding.ts';
import { countSessions, type Situation } from './situation.ts';

/** Sessions that a rule would have ended, had a fact about them been readable: without this, sparing would look like health. */
export function findSparedInDoubt({ plan, snapshot }: Situation): Finding[] {
  const inDoubt = plan.decisions.filter(isInDoubt);
  const dropped = inDoubt.filter(({ session }) => isDropped(session, snapshot)).map(({ session }) => session);
  const spared = inDoubt.filter(({ session }) => !isDropped(session, snapshot));
  return [...ofDropped(dropped, snapshot), ...ofDoubt(spared, snapshot)];
}

/** Its user was dropped while it was connected: the server shows what it does, and not whose it is. */
function isDropped({ kind, user, state, superuser }: Session, { engine, missing }: Snapshot): boolean {
  if (kind !== 'client' || state === null) return false;
  if (engine === 'postgres') return user === null;
  return user !== null && superuser === null && !missing.some(({ what }) => what.includes('superusers'));
}

function ofDropped(sessions: readonly Session[], { engine }: Snapshot): Finding[] {
  const [first] = sessions;
  if (!first) return [];
  const ids = sessions.slice(0, mostIds).map(({ id }) => cleanText(id, 24));
  const end = engine === 'postgres' ? 'SELECT pg_terminate_backend(number);' : 'KILL number;';
  return [
    {
      code: 'dropped-user',
      severity: 'info',
      certainty: 'certain',
      title: 'Sessions of a user that was dropped are still connected.',
      evidence: `${countSessions(sessions.length)} that a rule speaks of (${ids.join(', ')}${sessions.length > mostIds ? ', …' : ''}). unleak ends none whose user it cannot know, since it may be a superuser; no GRANT changes that.`,
      advice: `That user cannot log in any more, so end them by hand: ${end}`,
    },
  ];
}

const mostIds = 5;

function ofDoubt(spared: readonly Decision[], snapshot: Snapshot): Finding[] {
  if (spared.length === 0) return [];
  const locks = spared.filter(({ protection }) => protection === 'advisory-lock');
  const backups = spared.filter(({ protection }) => protection === 'backup').length;
  const liftHelps = locks.some(({ session }) => session.backingUp !== null);
  return [
    {
      code: 'spared-in-doubt',
      severity: 'warning',
      certainty: 'certain',
      title: 'Sessions are spared only because the server does not show unleak enough about them.',
      evidence: `${countSessions(spared.length)} that a rule speaks of: ${describe(locks.length, backups, spared.length - locks.length - backups)}.`,
      advice: [remedies(snapshot.missing.map(({ grant }) => grant)), liftHelps ? liftAdvice : '']
        .filter((text) => text !== '')
        .join(' '),
    },
  ];
}

const liftAdvice =
  'If no application on this server uses advisory locks or GET_LOCK, `lift: [advisory-lock]` in the policy ends the doubt.';

/** Whether a rule speaks of it, and only a fact that could not be read spares it. */
export function isInDoubt({ session, protection }: Decision): boolean {
  return (
    protection === 'missing-fact' ||
    (protection === 'advisory-lock' && session.advisoryLock === null) ||
    (protection === 'backup' && session.backingUp === null) ||
    (protection === 'table-lock' && session.tableLock === null) ||
    (protection === 'xa' && session.xa === null) ||
    (protection === 'temporary-table' && session.temporaryTable === null)
  );
}

function describe(locks: number, backups: number, facts: number): string {
  const parts = [
    locks > 0 ? `of ${locks} it is unknown whether they hold a lock by name` : '',
    backups > 0 ? `of ${backups} it is unknown whether they run a backup` : '',
    facts > 0 ? `of ${facts} a fact that the decision needs could not be read` : '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function remedies(grants: readonly string[]): string {
  if (grants.length === 0)
    return 'docs/policy.md says under `match` and `except` of what fields a part may be unknown, docs/engines.md what each engine shows.';
  return `Let unleak see more: ${grants.join('; ')}.`;
}
