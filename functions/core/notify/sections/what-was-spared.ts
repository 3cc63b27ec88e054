import type { Report, ReportedDecision } from '../../model/report.ts';
import { countOf, was } from '../../text/count-of.ts';
import { groupBy } from '../../group-by.ts';
import { toProse } from '../../text/to-line.ts';
import { toName, unbroken } from '../../text/to-name.ts';
import { bullet, under } from '../../text/wrap-text.ts';
import { firstFew } from './first-few.ts';
import { protectionWords } from './protection-words.ts';
import type { Section } from './section.ts';
import { nameSession } from './session-words.ts';

const mostKinds = 12;

/** Sessions that a rule matched and that were left alone, by the reason, with one example each. */
export function whatWasSpared({ decisions }: Report): Section {
  const kinds = [...groupBy(decisions.filter(isSpared), kindOf).values()];
  const ranked = kinds.toSorted((a, b) => b.length - a.length);
  const { shown, hidden } = firstFew(ranked, mostKinds);
  const lines = shown.flatMap(describeKind);
  if (hidden > 0) lines.push(...bullet(`${countOf(hidden, 'other reason')} in the report`));
  return { heading: 'WHAT WAS SPARED, AND WHY', lines };
}

function isSpared({ verdict }: ReportedDecision): boolean {
  return verdict === 'protected' || verdict === 'capped' || verdict === 'spared';
}

function kindOf({ verdict, protection, rule }: ReportedDecision): string {
  return JSON.stringify([verdict, verdict === 'protected' ? protection : rule]);
}

function describeKind(alike: readonly ReportedDecision[]): string[] {
  const [example] = alike;
  if (!example) return [];
  const intro = alike.length === 1 ? 'It is' : 'For example';
  return [
    ...bullet(`${countOf(alike.length, 'session')} ${whyOf(example, alike.length)}`),
    ...under(`${intro} ${nameSession(example.session)}: ${toProse(example.reason, 300)}`),
  ];
}

function whyOf({ verdict, protection, rule }: ReportedDecision, count: number): string {
  const name = rule === null ? 'no rule' : unbroken(`rule ${toName(rule)}`);
  if (verdict === 'protected') return `${was(count)} protected: ${protectionWords(protection)}`;
  if (verdict === 'spared') return `${was(count)} left by ${name} itself`;
  return `of ${name} ${was(count)} beyond the cap; a later sweep may take ${count === 1 ? 'it' : 'them'}`;
}
