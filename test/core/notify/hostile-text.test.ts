import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Report, SweepOutcome } from '../../../functions/core/model/report.ts';
import { toEmail } from '../../../functions/core/notify/to-email.ts';
import { type Occasion, ordinary } from '../../../functions/core/notify/notification-state.ts';
import { toSms } from '../../../functions/core/notify/to-sms.ts';
import { toSubject } from '../../../functions/core/notify/to-subject.ts';
import { nastyText } from './arbitraries.ts';
import { hostile } from './hostile-report.ts';

const outcomes: SweepOutcome[] = ['fault', 'locked-out', 'incomplete', 'ended', 'would-end', 'quiet'];
const outcome = fc.constantFrom(...outcomes);
const state = outcome.map((each) => ({ notificationKey: '', notifiedAt: '\nnow\n', outcome: each }));
const occasion: fc.Arbitrary<Occasion> = fc.record({
  recoveredFrom: fc.option(state),
  waitIsOver: fc.boolean(),
  heldBack: fc.option(fc.constant({ count: 3, since: '\nnow\n', key: '' })),
  limitedUntil: fc.option(fc.constant('\nthen\n')),
});
const mode = fc.constantFrom('dry-run' as const, 'enforce' as const);

function reportWith(text: string, overrides: Partial<Report>): Report {
  const report = { ...hostile(text), ...overrides };
  return report.outcome === 'fault' ? report : { ...report, fault: null };
}

test('a subject is 1 to 99 printable ASCII characters without a space at either end, whatever things are called', () => {
  fc.assert(
    fc.property(nastyText, outcome, mode, occasion, (text, outcome, mode, why) => {
      const report = reportWith(text, { outcome, mode });
      expect(toSubject(report, why)).toMatch(/^unleak(?=[: ])[\x20-\x7e]{0,92}[\x21-\x7e]$/);
      expect(toSms(report, why)).toMatch(/^unleak(?=[: ])[\x20-\x7e]{0,133}[\x21-\x7e]$/);
    }),
    { numRuns: 500 },
  );
});

const breaks = [
  '\n',
  '\r\n',
  '\r',
  '\u2028',
  '\u2029',
  '\u0085',
  '\v',
  '\f',
  ' '.repeat(80),
  '\u00a0'.repeat(80),
];
const lineBreak = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/u;

test.each(outcomes)('no text from elsewhere begins a line of the e-mail of a sweep that is %s', (outcome) => {
  for (const space of breaks) {
    const report = reportWith(`${space}FORGED${space}FORGED line${space}FORGED`, { outcome });
    const lines = toEmail(report).split(lineBreak);
    expect(lines.some((line) => line.includes('FORGED'))).toBe(true);
    expect(lines.filter((line) => /^["'\s>]{0,1}FORGED/.test(line))).toEqual([]);
  }
});

test('the lines at the left margin are the same for every text, but for what stands in them', () => {
  const marginOf = (text: string) =>
    toEmail(reportWith(text, {}))
      .split(lineBreak)
      .filter((line) => /^[A-Z ,]+$/.test(line));
  const headings = marginOf('plain');
  fc.assert(
    fc.property(nastyText, (text) => {
      expect(marginOf(`${text}\nWHO LEAKS\n`)).toEqual(headings);
    }),
  );
});

test('an e-mail holds no control, no bidirectional or invisible character and no half of one', () => {
  fc.assert(
    fc.property(nastyText, outcome, (text, outcome) => {
      const mail = toEmail(reportWith(text, { outcome }), {}, { ...ordinary, waitIsOver: true }).replaceAll(
        '\n',
        '',
      );
      expect(mail).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/u);
    }),
  );
});
