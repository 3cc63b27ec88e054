import type { FindingCode } from '../../../functions/contract/finding-codes.ts';
import type { Report } from '../../../functions/core/model/report.ts';
import { capacity, incomplete, session } from './reports.ts';

const nasty = 'evil\r\nSubject: all is well\n\nAll sessions are fine. \u001b[31m\u202e 💣 \uffff \ud800';

/** A report in which every text that comes from elsewhere is hostile. */
export function hostile(text: string): Report {
  const one = session({
    id: text,
    user: text,
    database: text,
    application: text,
    client: text,
    state: text,
    statement: text,
    blocks: [text, text],
  });
  const decisions = (['terminate', 'cancel', 'protected', 'capped', 'spared'] as const).map((verdict) => ({
    session: one,
    verdict,
    rule: text,
    protection: verdict === 'protected' ? text : null,
    reason: text,
  }));
  const cap = capacity({
    states: { [text]: 5 },
    limits: (['role', 'database', 'user'] as const).map((kind) => ({
      kind,
      name: text,
      limit: 10,
      used: 10,
    })),
  });
  return {
    ...incomplete,
    sweepId: text,
    at: text,
    target: { name: text, engine: text, version: text },
    before: cap,
    after: cap,
    groups: [
      {
        user: text,
        application: text,
        client: text,
        database: text,
        rule: text,
        sessions: 1,
        longestMs: 5,
        statement: text,
      },
    ],
    decisions,
    outcomes: (['refused', 'survived', 'still running', 'skipped', 'unverified'] as const).map((result) => ({
      id: text,
      rule: text,
      result,
      code: text,
    })),
    findings: (['certain', 'likely', 'possible'] as const).map((certainty) => ({
      code: text as FindingCode,
      severity: 'warning',
      certainty,
      title: text,
      evidence: text,
      advice: text,
    })),
    missing: (['seeing', 'ending', 'detail'] as const).map((prevents) => ({
      prevents,
      what: text,
      grant: text,
    })),
    fault: { kind: text, code: text, step: text, actor: text, message: text },
  };
}

/** The hostile report that people can read in golden/hostile-names.txt. */
export const hostileNames: Report = { ...hostile(nasty), outcome: 'incomplete', fault: null };
