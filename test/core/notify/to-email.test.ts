import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../functions/core/findings/finding.ts';
import type { Report } from '../../../functions/core/model/report.ts';
import { toEmail } from '../../../functions/core/notify/to-email.ts';
import { type Occasion, ordinary } from '../../../functions/core/notify/notification-state.ts';
import { toSms } from '../../../functions/core/notify/to-sms.ts';
import { toSubject } from '../../../functions/core/notify/to-subject.ts';
import { expectGolden } from './golden-file.ts';
import { hostileNames } from './hostile-report.ts';
import {
  ended,
  faultAfter,
  faultBefore,
  findings,
  incomplete,
  lockedOut,
  missing,
  quiet,
  wouldEnd,
} from './reports.ts';

const links = {
  docs: 'https://git.example.com/dba/unleak/blob/main/docs',
  dashboard: 'https://eu-central-1.console.aws.amazon.com/cloudwatch/home#dashboards/dashboard/unleak',
};
const last = { notificationKey: 'x', notifiedAt: '2026-11-22T03:05:06.000Z' };
const after = (outcome: Report['outcome'], waiting = false): Occasion => ({
  ...ordinary,
  recoveredFrom: { ...last, outcome, waiting },
});
const afterFault = after('fault');
const afterIncomplete = after('incomplete');

function notice(report: Report, occasion: Occasion = ordinary, address: object = {}): string {
  const subject = toSubject(report, occasion);
  const sms = toSms(report, occasion);
  return `Subject: ${subject}\nSMS: ${sms}\n\n${toEmail(report, address, occasion)}`;
}

describe('golden notices', () => {
  test.each<[string, Report]>([
    ['ended', ended],
    ['dry-run', wouldEnd],
    ['incomplete', incomplete],
    ['fault-before-connecting', faultBefore],
    ['fault-after-ending', faultAfter],
    ['quiet', quiet],
    ['locked-out', lockedOut],
    ['missing-privileges', missing],
    ['hostile-names', hostileNames],
  ])('%s', (name, report) => expectGolden(name, notice(report)));

  test('recovery from a fault', () => expectGolden('recovery-from-fault', notice(quiet, afterFault)));
  test('recovery from an incomplete sweep', () =>
    expectGolden('recovery-from-incomplete', notice(quiet, afterIncomplete)));
  test('with links', () => expectGolden('fault-with-links', notice(faultBefore, ordinary, links)));
});

describe('the words of an e-mail', () => {
  test('one of a thing is not many', () => {
    const one: Report = {
      ...ended,
      verdicts: { ...ended.verdicts, terminate: 1 },
      results: { terminated: 1 },
      groups: ended.groups.slice(1),
      outcomes: ended.outcomes.slice(0, 1),
    };
    const text = toEmail(one);
    expect(text).toContain('unleak ended 1 leaked session on orders');
    expect(text).toContain('- 1 session of user maria');
    expect(text).not.toMatch(/\b1 \w+s (?:was|were)\b/);
  });

  test('a cancelled statement is not an ended session', () => {
    const verdicts = { ...ended.verdicts, terminate: 2, cancel: 1 };
    const report: Report = { ...ended, verdicts, results: { terminated: 2, cancelled: 1 } };
    expect(toEmail(report)).toMatch(
      /^unleak ended 2 leaked sessions and cancelled the running statement of 1\s+session/,
    );
    expect(toSubject(report)).toBe(
      'unleak: ended 2 leaked sessions, cancelled 1 statement on orders, 96% -> 53% full',
    );
  });

  test('findings that ask for the same change are told together, and the change once', () => {
    const titles = ['web', 'jobs', 'cron', 'admin', 'reports', 'mail'].map(
      (name) => `Those of ${name} leak.`,
    );
    const alike = titles.map((title) => ({ ...(findings[0] as Finding), title, advice: 'Close them.' }));
    const [two, six] = [alike.slice(0, 2), alike].map((some) => toEmail({ ...ended, findings: some }));
    expect(two?.match(/Close them/g)).toHaveLength(1);
    expect(two).toMatch(/web leak[^]*jobs leak[^]*What to do about both: Close them/);
    expect(six).toMatch(/admin leak[^]*The same of 2 more[^]*What to do about all 6: Close them/);
    expect(six).not.toContain('more in the report\n');
  });

  test('a fault in a dry run, or before anything was ended, says that nothing was', () => {
    expect(toEmail(faultBefore)).toMatch(/No session was\s+ended\./);
    expect(toEmail({ ...faultBefore, mode: 'dry-run' })).toContain('no session was touched');
  });

  test('a fault while ending, with nothing known, does not claim that nothing was ended', () => {
    const fault = { ...faultAfter, results: {}, outcomes: [] };
    expect(toEmail(fault)).toMatch(/whether\s+some\s+were\s+ended/);
  });

  test.each([ended, wouldEnd, incomplete, faultBefore, faultAfter, quiet, lockedOut, missing])(
    'is calm: no exclamation mark, no box drawing, at most 78 columns but for what must not be broken',
    (report) => {
      const lines = toEmail(report).split('\n');
      expect(lines.join('')).not.toMatch(/!|[\u2500-\u259f]/);
      const long = lines.filter((line) => line.length > 78);
      expect(long).toEqual([]);
    },
  );
});
