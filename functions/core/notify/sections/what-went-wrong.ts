import type { Report, ReportedOutcome } from '../../model/report.ts';
import type { Result } from '../../verify.ts';
import { countOf, listOf, was } from '../../text/count-of.ts';
import { groupBy } from '../../group-by.ts';
import { toId, toName } from '../../text/to-name.ts';
import { bullet, under } from '../../text/wrap-text.ts';
import { firstFew } from './first-few.ts';
import { describeSession } from './session-words.ts';
import type { Section } from './section.ts';

const mostIds = 8;
const mostKinds = 12;
const troubles: readonly Result[] = ['refused', 'survived', 'still running', 'late', 'skipped', 'unverified'];

/** What refusing codes mean, by SQLSTATE or errno. */
const codes: Readonly<Record<string, string>> = {
  '42501': 'insufficient privilege',
  '1095': "unleak's login may not end another user's sessions",
  '1370': "unleak's login, or the user whose session it is, may not execute the procedure that ends it",
  '1227': "unleak's login lacks the privilege to end sessions",
};

/** Chosen sessions that were not seen to be gone, by what happened and the server's code. */
export function whatWentWrong({ outcomes, decisions }: Report): Section {
  const failed = outcomes.filter(({ result }) => troubles.includes(result));
  const kinds = [...groupBy(failed, ({ result, code }) => JSON.stringify([result, code])).values()];
  const ranked = kinds.toSorted(byGravity);
  const sessions = new Map(decisions.map(({ session }) => [session.id, session]));
  const { shown, hidden } = firstFew(ranked, mostKinds);
  const lines = shown.flatMap((alike) => {
    const example = sessions.get(alike[0]?.id ?? '');
    const text = example
      ? under(`${alike.length === 1 ? 'It is' : 'For example'} ${describeSession(example)}`)
      : [];
    return [...bullet(describeKind(alike)), ...text, ...idsOf(alike)];
  });
  if (hidden > 0) lines.push(...bullet(`${countOf(hidden, 'other kind')} of trouble in the report`));
  return { heading: 'WHAT DID NOT WORK', lines };
}

function byGravity([a]: readonly ReportedOutcome[], [b]: readonly ReportedOutcome[]): number {
  return rank(a) - rank(b);
}

function rank(outcome: ReportedOutcome | undefined): number {
  return outcome ? troubles.indexOf(outcome.result) : troubles.length;
}

function describeKind(alike: readonly ReportedOutcome[]): string {
  const [first] = alike;
  const sessions = countOf(alike.length, 'session');
  const be = was(alike.length);
  switch (first?.result) {
    case 'refused':
      return `${sessions} ${be} refused by the server${meaningOf(first.code)}`;
    case 'survived':
      return `${sessions} ${be} signalled and ${be} still there at verification; ending a long transaction takes as long as its rollback`;
    case 'still running':
      return `${sessions} ${be} sent a cancel and ${be} still running the same statement at verification; a cancel cannot interrupt a session that waits for its client, and a program may catch it, so only a rule with action: terminate ends ${alike.length === 1 ? 'it' : 'them'}`;
    case 'late':
      return `${sessions} ${be} left alone because the server was too busy: each time, too many microseconds passed between the last check and the signal, so unleak could not be sure that ${alike.length === 1 ? 'it was' : 'they were'} still unused; the next sweep can take ${alike.length === 1 ? 'it' : 'them'}`;
    case 'skipped':
      return `${sessions} ${be} not tried because the sweep ended before ${alike.length === 1 ? 'its' : 'their'} turn; the next sweep can take ${alike.length === 1 ? 'it' : 'them'}`;
    default:
      return `${sessions} may have been signalled, and verification was not possible`;
  }
}

function meaningOf(code: string | null): string {
  if (code === null) return ', without a code';
  const meaning = Object.hasOwn(codes, code) ? `, ${codes[code] ?? ''}` : '';
  return `, code ${toName(code, 20)}${meaning}`;
}

function idsOf(alike: readonly ReportedOutcome[]): string[] {
  if (alike.length < 2) return [];
  const { shown, hidden } = firstFew(alike, mostIds);
  const names = shown.map(({ id }) => toId(id));
  return under(`Sessions: ${listOf(hidden > 0 ? [...names, `${hidden} more`] : names)}`);
}
