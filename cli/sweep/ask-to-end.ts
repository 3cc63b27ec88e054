import { answerMs } from '../../functions/contract/sweep-time.ts';
import { groupChosen } from '../../functions/core/group-chosen.ts';
import { chosenOf, type Plan } from '../../functions/core/model/plan.ts';
import type { Console } from '../terminal/console.ts';
import { toTable } from '../terminal/table.ts';

/** Asks once, showing how many sessions would be ended and whose; only a `yes` is a yes. */
export function askToEnd(console: Console, target: string): (plan: Plan) => Promise<boolean> {
  return async (plan) => {
    const chosen = chosenOf(plan);
    for (const line of toLines(plan)) console.screen.progress(`  ${line}`);
    const count = chosen.length === 1 ? '1 session' : `${chosen.length} sessions`;
    const question = `End ${count} on ${target}? [yes/no, ${answerMs / 1_000} s] `;
    const patience = AbortSignal.any([AbortSignal.timeout(answerMs), console.interrupted]);
    const answer = await console.ask(question, patience).catch(() => 'no');
    return /^y(?:es)?$/i.test(answer);
  };
}

function toLines(plan: Plan): string[] {
  const rows = groupChosen(chosenOf(plan)).map((group) => [
    String(group.sessions.length),
    group.user ?? '(unknown)',
    group.application ?? '(unknown)',
    group.client ?? '(unknown)',
    group.rule,
  ]);
  return toTable(
    [
      { heading: 'sessions', most: 8, align: 'right' },
      { heading: 'user', most: 24 },
      { heading: 'application', most: 24 },
      { heading: 'client', most: 24 },
      { heading: 'rule', most: 24 },
    ],
    rows,
  );
}
