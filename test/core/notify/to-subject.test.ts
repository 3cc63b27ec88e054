import { expect, test } from 'vitest';
import type { Report } from '../../../functions/core/model/report.ts';
import { toSms } from '../../../functions/core/notify/to-sms.ts';
import { toSubject } from '../../../functions/core/notify/to-subject.ts';
import { ended, faultAfter, faultBefore, findings, missing, quiet, wouldEnd } from './reports.ts';

test.each<[string, Report]>([
  ['unleak: nothing to end on orders, 42% full', quiet],
  ['unleak: nothing to end on orders, 2 findings, 42% full', { ...quiet, severity: 'warning', findings }],
  ['unleak dry run: nothing to end on orders, 42% full', { ...quiet, mode: 'dry-run' }],
  ['unleak dry run: would end 42 sessions on orders, 96% full', wouldEnd],
  [
    'unleak: cannot end sessions on orders, a privilege is missing, 42% full',
    { ...missing, mode: 'enforce', missing: missing.missing.slice(0, 1) },
  ],
  ['unleak: nothing left to end on orders, 96% -> 53% full', { ...ended, results: { changed: 42 } }],
  [
    'unleak: ended 30 on orders, then failed: deadline.exceeded',
    { ...faultAfter, results: { terminated: 30, unverified: 12 } },
  ],
  ['unleak: cancelled 2 statements on orders, 96% -> 53% full', { ...ended, results: { cancelled: 2 } }],
])('%s', (subject, report) => expect(toSubject(report)).toBe(subject));

const named = (name: string, report: Report): Report => ({ ...report, target: { ...report.target, name } });

test('accents are dropped, and what has no likeness in ASCII becomes a question mark', () => {
  expect(toSubject(named('Straße-Škoda-ﬁn-漢', quiet))).toBe(
    'unleak: nothing to end on Strasse-Skoda-fin-?, 42% full',
  );
});

test('a long name costs how full the server is first, then itself; the outcome stays', () => {
  const name = `${'x'.repeat(60)}-01`;
  expect(toSubject(named(name, ended))).toBe(`unleak: ended 40 leaked sessions on ${name}`);
  const fault = toSubject(named(name, faultBefore));
  expect(fault).toMatch(/^unleak: x+\.\.\. could not be swept: connect\.too_many_connections$/);
  expect(fault).toHaveLength(99);
});

test('an SMS names who leaks most where it fits', () => {
  expect(toSms(ended)).toBe(
    'unleak: ended 40 leaked sessions on orders, 96% -> 53% full. Most by celery@worker-3',
  );
  expect(toSms(named('x'.repeat(63), ended)).length).toBeLessThanOrEqual(140);
});
