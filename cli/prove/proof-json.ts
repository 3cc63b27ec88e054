import { quietFor } from '../../functions/core/history/judge-proof.ts';
import type { ChoiceCounts } from '../../functions/core/history/proof.ts';
import { toInstant } from '../../functions/core/text/instants.ts';
import type { PolicyProof, TargetProof } from './target-proof.ts';

/** A target's proof for machines: the policy that counts, and beside it what was compared. */
export function toProofJson({ target, proofs }: TargetProof) {
  const [first, ...others] = proofs;
  return {
    schema: 'unleak.proof/1',
    target,
    ...(first && toPolicyJson(first)),
    ...(others.length > 0 && { beside: others.map(toPolicyJson) }),
  };
}

function toPolicyJson({ label, source, proof, judgement }: PolicyProof) {
  return {
    policy: label,
    source,
    ...judgement,
    since: toInstant(proof.sinceMs),
    watchedMs: proof.watchedMs,
    hoursMissing: proof.hoursMissing,
    ...toCountsJson(proof.total),
    rules: proof.rules.map((rule) => ({
      rule: rule.rule,
      mode: rule.mode,
      ...toCountsJson(rule),
      programs: proof.rows
        .filter((row) => row.rule === rule.rule && row.mode === rule.mode)
        .map((row) => ({ user: row.user, application: row.application, ...toCountsJson(row) })),
    })),
    examples: proof.examples.map(({ id, user, application, rule, chosenAtMs, afterMs, idleMs }) => ({
      ...{ id, user, application, rule, chosenAt: toInstant(chosenAtMs), idleMs, afterMs },
    })),
  };
}

function toCountsJson(counts: ChoiceCounts) {
  const { chosen, ended, stillSilent, left, usedAgain, unfollowed, rate, averageAfterMs, longestSilenceMs } =
    counts;
  return {
    ...{ chosen, ended, stillSilent, left, usedAgain, unfollowed },
    usedAgainRate: rate,
    averageAfterMs,
    quietFor: usedAgain === 0 ? null : quietFor(longestSilenceMs),
  };
}
