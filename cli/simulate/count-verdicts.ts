import type { Plan, Verdict } from '../../functions/core/model/plan.ts';

/** How many client sessions got each verdict; processes of the server are nobody's sessions. */
export function countVerdicts({ decisions }: Plan): Record<Verdict, number> {
  const counts = { terminate: 0, cancel: 0, reported: 0, capped: 0, spared: 0, protected: 0, 'no-rule': 0 };
  for (const { verdict, session } of decisions)
    if (verdict !== 'no-rule' || session.kind === 'client') counts[verdict] += 1;
  return counts;
}
