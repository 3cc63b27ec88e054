import { writeDuration } from '../../contract/duration.ts';
import { countOf, listOf } from '../text/count-of.ts';
import { formatDuration } from '../text/format-duration.ts';
import { toName } from '../text/to-name.ts';
import { toPercent } from '../text/to-percent.ts';
import { hourMs } from './hour.ts';
import type { Program } from './program.ts';
import type { Proof } from './proof.ts';

/** Whether a policy may be enforced: yes; not enough is known yet; or no, since it would have broken something. */
export interface Judgement {
  readonly verdict: 'ready' | 'not-yet' | 'no';
  /** One sentence for people. */
  readonly says: string;
}

/** So long has to be watched: programs have weekly rhythms. */
export const leastWatchedMs = 7 * 24 * hourMs;
/** So much of the hours may lack a sweep. */
const mostMissingShare = 0.1;
/** The true rate of sessions used again has to be below this, with 95 % certainty. */
const mostRate = 0.05;
/** With none used again, so many have to be seen for that. */
const leastSeen = 73;

/** The verdict on a policy by its ledger. */
export function judgeProof(proof: Proof): Judgement {
  if (proof.total.usedAgain > 0) return { verdict: 'no', says: refuse(proof) };
  const lacks = whatLacks(proof);
  if (lacks.length > 0) return { verdict: 'not-yet', says: `Not yet: ${listOf(lacks)}.` };
  const { chosen, rate } = proof.total;
  return {
    verdict: 'ready',
    says: `Ready to enforce: ${countOf(chosen, 'session')} would have been ended in ${formatDuration(proof.watchedMs)}, and none was used again (at most ${toPercent(rate.high)}, with 95 % certainty).`,
  };
}

function whatLacks({ watchedMs, hoursMissing, total }: Proof): readonly string[] {
  const seen = total.chosen - total.ended - total.unfollowed;
  const hours = Math.floor(watchedMs / hourMs);
  return [
    ...(watchedMs < leastWatchedMs - hourMs
      ? [`it was watched for ${formatDuration(watchedMs)}, and a whole week is needed`]
      : []),
    ...(hours > 0 && hoursMissing > hours * mostMissingShare
      ? [`${hoursMissing} of ${countOf(hours, 'hour')} had no sweep`]
      : []),
    ...(total.rate.high > mostRate
      ? [
          `${countOf(seen, 'session')} could be followed, and ${leastSeen} are needed to tell a rate below ${toPercent(mostRate)}`,
        ]
      : []),
  ];
}

function refuse({ total, rows }: Proof): string {
  const used = rows.filter(({ usedAgain }) => usedAgain > 0);
  const who = listOf([...new Set(used.map(nameProgram))].slice(0, 4));
  const average =
    total.averageAfterMs === null ? '' : `, after ${formatDuration(total.averageAfterMs)} on average`;
  return `No: ${total.usedAgain} of ${countOf(total.chosen, 'session')} ${total.usedAgain === 1 ? 'was' : 'were'} used again, of ${who}${average}. ${silenceAdvice(total.longestSilenceMs)}`;
}

/** The smallest `for` in whole minutes with which none of those used again would have been chosen. */
export function quietFor(longestSilenceMs: number): string {
  return writeDuration((Math.floor(longestSilenceMs / 60_000) + 1) * 60_000);
}

function silenceAdvice(longestSilenceMs: number): string {
  return `With \`for: ${quietFor(longestSilenceMs)}\` none would have been.`;
}

/** A program in words, harmless to print: `shop-report (user shop)`. */
export function nameProgram({ user, application }: Program): string {
  const owner = user === null ? 'an unknown user' : `user ${toName(user)}`;
  return application ? `${toName(application)} (${owner})` : owner;
}
