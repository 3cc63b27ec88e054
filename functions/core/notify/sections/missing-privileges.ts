import type { Report } from '../../model/report.ts';
import type { MissingPrivilege } from '../../model/snapshot.ts';
import { countOf } from '../../text/count-of.ts';
import { toProse } from '../../text/to-line.ts';
import { cleanText } from '../../text/clean-text.ts';
import { bullet, under } from '../../text/wrap-text.ts';
import { firstFew } from './first-few.ts';
import type { Section } from './section.ts';

const mostPrivileges = 6;
const longestGrant = 600;
const order = { seeing: 0, ending: 1, detail: 2 } as const;
/** How people read what a missing privilege, or a server that does not show something, prevents. */
export const lacks = { seeing: 'Not seen', ending: 'Not allowed', detail: 'Not known' } as const;

/** The privileges that unleak's login lacks, each with the statement that grants it on a line of its own, to copy. */
export function missingPrivileges({ missing }: Report): Section {
  const ranked = missing.toSorted((a, b) => order[a.prevents] - order[b.prevents]);
  const { shown, hidden } = firstFew(ranked, mostPrivileges);
  const lines = shown.flatMap(describePrivilege);
  if (hidden > 0) lines.push(...bullet(`${countOf(hidden, 'more privilege')} in the report`));
  return { heading: 'WHAT UNLEAK MAY NOT SEE OR DO', lines };
}

function describePrivilege({ prevents, what, grant }: MissingPrivilege): string[] {
  const shown = cleanText(grant, longestGrant);
  const intro =
    shown === grant ? 'What is needed:' : 'What is needed (not all of it can be shown, so do not paste it):';
  return [...bullet(`${lacks[prevents]}: ${toProse(what, 300)}`), ...under(intro), `    ${shown}`];
}
