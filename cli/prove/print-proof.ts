import { nameProgram, quietFor } from '../../functions/core/history/judge-proof.ts';
import type { ChoiceProof } from '../../functions/core/history/proof.ts';
import { formatInstant } from '../../functions/core/notify/sections/format-instant.ts';
import { toInstant } from '../../functions/core/text/instants.ts';
import { formatDuration } from '../../functions/core/text/format-duration.ts';
import { toId, toName } from '../../functions/core/text/to-name.ts';
import type { Screen } from '../terminal/screen.ts';
import { type Column, toTable } from '../terminal/table.ts';
import { wrap } from '../terminal/wrap.ts';
import type { PolicyProof, TargetProof } from './target-proof.ts';

const mostRows = 20;
const mostExamples = 5;
const number = (heading: string): Column => ({ heading, most: 12, align: 'right' });
const columns: readonly Column[] = [
  { heading: 'rule', most: 24 },
  { heading: 'program', most: 40 },
  ...['chosen', 'used again', '95 % up to', 'still silent', 'left', 'ended', 'none with for'].map(number),
];

/** Each policy's verdict in a sentence, then its counts by rule and program. */
export function printProof(screen: Screen, { target, proofs }: TargetProof): void {
  for (const each of proofs) printOne(screen, target, each);
}

function printOne(screen: Screen, target: string, { label, source, proof, judgement }: PolicyProof): void {
  const { bold, dim } = screen.style;
  const how = source === 'ledger' ? 'by what sweeps chose' : 'tried on the recorded snapshots';
  screen.print(bold(`${toName(target)}, ${toName(label)}, ${how}`));
  screen.print(...wrap(judgement.says, screen.columns - 2), '');
  if (proof.rows.length === 0) return;
  const [heading = '', ...lines] = toTable(columns, proof.rows.slice(0, mostRows).map(toRow));
  screen.print(dim(heading), ...lines);
  if (proof.rows.length > mostRows)
    screen.print(dim(`… and ${proof.rows.length - mostRows} more; --json has all of them`));
  for (const { id, user, application, chosenAtMs, afterMs } of proof.examples.slice(-mostExamples))
    screen.print(
      dim(
        `Used again: ${toId(id)} of ${nameProgram({ user, application })}, chosen ${formatInstant(toInstant(Math.floor(chosenAtMs / 1_000) * 1_000))}, ${formatDuration(afterMs ?? 0)} later at most`,
      ),
    );
  screen.print('');
}

function toRow(row: ChoiceProof): string[] {
  const counts = [row.stillSilent, row.left, row.ended].map(String);
  const upTo = row.chosen - row.ended - row.unfollowed > 0 ? `${(row.rate.high * 100).toFixed(1)}%` : '?';
  const quiet = row.usedAgain === 0 ? '-' : quietFor(row.longestSilenceMs);
  const rule = row.mode === 'enforce' ? `${row.rule} (enforced)` : row.rule;
  return [rule, nameProgram(row), String(row.chosen), String(row.usedAgain), upTo, ...counts, quiet];
}
