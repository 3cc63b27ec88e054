import type { FindingCode } from '../../contract/finding-codes.ts';
import { cleanText } from '../text/clean-text.ts';
import { defangName } from '../text/defang.ts';
import type { Finding } from './finding.ts';
import { groupBy } from '../group-by.ts';
import { quoteRole, whoOf } from './situation.ts';

/** More statements than these are nothing that people read in one paragraph. */
const mostRoles = 4;

/** A guard that one role lacks, in parts, so that roles with the same lack are told of together. */
export interface RoleGuard {
  readonly code: FindingCode;
  readonly user: string | null;
  /** What is to be ended, as in `these <what> of role shop late or never`. */
  readonly what: string;
  /** Without a full stop. */
  readonly evidence: string;
  /** The guard and its value as ALTER ROLE … SET takes them. */
  readonly setting: string;
  /** What stands before the statements: for whom they are. */
  readonly intro: string;
  readonly risk: string;
}

/** One finding for each guard and risk, with a statement for every role that lacks it. */
export function toGuardFindings(guards: readonly RoleGuard[]): Finding[] {
  const alike = groupBy(guards, ({ code, intro, risk }) => JSON.stringify([code, intro, risk]));
  return [...alike.values()].flatMap(([first, ...others]) => (first ? [toFinding(first, others)] : []));
}

function toFinding(first: RoleGuard, others: readonly RoleGuard[]): Finding {
  const shown = [first, ...others].slice(0, mostRoles);
  const hidden = others.length + 1 - shown.length;
  const more = hidden === 0 ? '' : ` and ${hidden} more`;
  const evidence = shown.map((guard) =>
    others.length === 0 ? guard.evidence : `${nameRole(guard)}: ${guard.evidence}`,
  );
  const statements = shown.map(({ user, setting }) => `\`ALTER ROLE ${quoteRole(user)} SET ${setting}\``);
  return {
    code: first.code,
    severity: 'info',
    certainty: 'certain',
    ...(others.length === 0 && { who: whoOf({ user: first.user, application: null, client: null }) }),
    title: `The server itself would end these ${first.what} of ${others.length === 0 ? 'role' : 'roles'} ${shown.map(nameRole).join(', ')}${more} late or never.`,
    evidence: `${evidence.join('. ')}.`,
    advice: `${first.intro} ${statements.join('; ')}${more && `${more} alike`}. ${first.risk}`,
  };
}

function nameRole({ user }: RoleGuard): string {
  return defangName(cleanText(user ?? '(unknown)', 64));
}
