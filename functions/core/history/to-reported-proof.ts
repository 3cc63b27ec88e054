/* eslint-disable no-restricted-globals -- reads a given time, no clock */
import type { Mode } from '../../contract/target.ts';
import type { ReportedAudit, ReportedProof } from '../model/report.ts';
import type { History } from './history.ts';
import { judgeProof, nameProgram, quietFor } from './judge-proof.ts';
import { prove } from './proof.ts';

const weekMs = 7 * 86_400_000;
/** What was watched for less says nothing. */
const leastMs = 3_600_000;

/** Which sweep reports it. */
interface SweepOfProof {
  readonly mode: Mode;
  /** ISO 8601 by unleak's own clock. */
  readonly startedAt: string;
  readonly audit?: ReportedAudit;
}

/** What a dry run's report says about the last week; null where there is nothing to say. */
export function toReportedProof(
  history: History,
  { mode, startedAt, audit }: SweepOfProof,
): ReportedProof | null {
  if (mode !== 'dry-run') return null;
  const nowMs = Date.parse(startedAt);
  const policy = audit?.policy?.hash ?? null;
  const proof = prove(history, { sinceMs: nowMs - weekMs, nowMs, policy });
  const { chosen, usedAgain, averageAfterMs, longestSilenceMs } = proof.total;
  if (chosen === 0 || proof.watchedMs < leastMs) return null;
  const used = proof.rows.filter((row) => row.usedAgain > 0);
  return {
    ...{ watchedMs: proof.watchedMs, chosen, usedAgain, averageAfterMs },
    programs: [...new Set(used.map(nameProgram))].slice(0, 4),
    quietFor: usedAgain === 0 ? null : quietFor(longestSilenceMs),
    verdict: judgeProof(proof).verdict,
  };
}
