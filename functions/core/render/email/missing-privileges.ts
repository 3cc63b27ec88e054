import type { Report } from '../../report.ts';
import type { MissingPrivilege } from '../../snapshot.ts';
import { countOf } from '../count-of.ts';
import { toLine } from '../to-line.ts';
import { toPrintable } from '../to-printable.ts';
import { bullet, under } from '../wrap-text.ts';
import { firstFew } from './first-few.ts';
import type { Section } from './section.ts';

const mostPrivileges = 6;
const longestGrant = 400;
const order = { seeing: 0, ending: 1, detail: 2 } as const;
const effects = {
  seeing: 'unleak may miss sessions',
  ending: 'unleak cannot end every session',
  detail: 'unleak sees less detail',
} as const;

/** The privileges that unleak's login lacks, each with the statement that grants it on a line of its own, to copy. */
export function missingPrivileges({ missing }: Report): Section {
  const ranked = missing.toSorted((a, b) => order[a.prevents] - order[b.prevents]);
  const { shown, hidden } = firstFew(ranked, mostPrivileges);
  const lines = shown.flatMap(describePrivilege);
  if (hidden > 0) lines.push(...bullet(`${countOf(hidden, 'more privilege')}, told in the report`));
  return { heading: 'WHAT UNLEAK IS NOT ALLOWED TO DO', lines };
}

function describePrivilege({ prevents, what, grant }: MissingPrivilege): string[] {
  const shown = toPrintable(grant, longestGrant);
  const intro =
    shown === grant
      ? 'An administrator can grant it:'
      : 'It holds characters that cannot be shown, so read before you run it:';
  return [
    ...bullet(`Without this, ${effects[prevents]}: ${toLine(what, 300)}`),
    ...under(intro),
    `    ${shown}`,
  ];
}
