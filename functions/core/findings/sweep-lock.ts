import { longestSweepMs } from '../../contract/sweep-time.ts';
import { cleanText } from '../text/clean-text.ts';
import { formatDuration } from '../text/format-duration.ts';
import type { LockHolder, SweepLock } from '../sweep-lock.ts';
import type { Finding } from './finding.ts';
import { countSessions, nameGroup, whoOf } from './situation.ts';

/** Who else showed the mark of a sweep: another sweep of ours, one that hangs, or somebody who is none. */
export function findSweepLock({ isTaken, rivals, ended, strangers }: SweepLock): Finding[] {
  return [
    ...ended.map((holder) => hung(holder, isTaken)),
    ...rivals.filter(({ id }) => !ended.some((one) => one.id === id)).map(inTheWay),
    ...byUser(strangers).map(foreign),
  ];
}

function hung(holder: LockHolder, isTaken: boolean): Finding {
  const then = isTaken ? 'was ended' : 'was signalled, and is still there';
  return {
    ...{ code: 'hung-sweep', severity: 'warning', certainty: 'certain', who: whoOf(holder) },
    title: 'A sweep of unleak hung and kept the others out.',
    evidence: `${describe(holder)} held the lock for longer than two sweeps can last (${formatDuration(2 * longestSweepMs)}), and ${then}.`,
    advice:
      'Look for what it waited for: a procedure of the schema unleak or of RDS that hangs, or a function that was stopped during a sweep.',
  };
}

function inTheWay(holder: LockHolder): Finding {
  return (holder.ageMs ?? 0) >= 2 * longestSweepMs ? stuck(holder) : running(holder);
}

/** Not ended, since it does not call itself unleak, or since the server refused. */
function stuck(holder: LockHolder): Finding {
  return {
    ...{ code: 'hung-sweep', severity: 'warning', certainty: 'likely', who: whoOf(holder) },
    title: "A session of unleak's own login keeps every sweep out.",
    evidence: `${describe(holder)} holds the lock.`,
    advice: "End this session, and let nobody but unleak use unleak's login.",
  };
}

function running(holder: LockHolder): Finding {
  return {
    ...{ code: 'sweep-running', severity: 'info', certainty: 'certain', who: whoOf(holder) },
    title: 'Another sweep of this server is running.',
    evidence: `${describe(holder)} holds the lock.`,
    advice:
      'If it happens often, the schedule is shorter than a sweep takes, or two installations sweep this server with one login.',
  };
}

function foreign([first, ...others]: readonly [LockHolder, ...LockHolder[]]): Finding {
  const more = others.length === 0 ? '' : `, as do others of this user (${countSessions(others.length)})`;
  return {
    ...{ code: 'foreign-lock', severity: 'warning', certainty: 'certain', who: whoOf(first) },
    title: "Somebody else holds a lock of unleak's name.",
    evidence: `${describe(first)} holds it${more}. It kept no sweep out.`,
    advice:
      'Ask who it is. A second installation of unleak with another login does this while it sweeps: let one of them sweep this server, or give both the same login. Anybody else may have tried to keep unleak out.',
  };
}

function describe(holder: LockHolder): string {
  const age = holder.ageMs === null ? '' : `, there for ${formatDuration(holder.ageMs)} or longer,`;
  return `Session ${cleanText(holder.id, 24)} of ${nameGroup(holder)}${age}`;
}

/** One finding for each user, so that no number of sessions makes a long notice. */
function byUser(holders: readonly LockHolder[]): (readonly [LockHolder, ...LockHolder[]])[] {
  const groups = new Map<string | null, [LockHolder, ...LockHolder[]]>();
  for (const holder of holders) {
    const group = groups.get(holder.user);
    if (group) group.push(holder);
    else groups.set(holder.user, [holder]);
  }
  return [...groups.values()];
}
