import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../../functions/core/model/report.ts';
import { byteSize } from '../../../functions/core/text/byte-size.ts';
import { toEmail } from '../../../functions/core/notify/to-email.ts';
import { type Message, toMessage } from '../../../functions/core/notify/to-message.ts';
import type { TrimmedReport } from '../../../functions/core/notify/trim-report.ts';
import { nastyText } from './arbitraries.ts';
import { manySessions } from './many-sessions.ts';
import { hostileNames } from './hostile-report.ts';
import { ordinary } from '../../../functions/core/notify/notification-state.ts';
import { ended, quiet } from './reports.ts';

const mostOfSns = 262_144;
const partsOf = ({ message }: Message) => JSON.parse(message) as Record<string, string>;

function publishSize({ subject, message, attributes }: Message): number {
  const texts = Object.entries(attributes).flatMap(([name, { type, value }]) => [name, type, value]);
  return [subject, message, ...texts].reduce((sum, text) => sum + byteSize(text), 0);
}

test('people get the e-mail, phones a line, machines the report', () => {
  const parts = partsOf(toMessage(ended));
  expect(parts['default']).toBe(toEmail(ended));
  expect(parts['email']).toBe(toEmail(ended));
  expect(parts['sms']).toMatch(/^unleak: ended 40 /);
  for (const protocol of ['sqs', 'lambda', 'http', 'https', 'firehose'])
    expect(JSON.parse(parts[protocol] ?? '')).toEqual(ended);
});

test('attributes can be filtered by, and are never empty', () => {
  expect(toMessage(ended).attributes).toEqual({
    target: { type: 'String', value: 'orders' },
    engine: { type: 'String', value: 'postgres' },
    severity: { type: 'String', value: 'critical' },
    mode: { type: 'String', value: 'enforce' },
    outcome: { type: 'String', value: 'ended' },
    news: { type: 'String', value: 'sweep' },
    terminated: { type: 'Number', value: '40' },
  });
  const unnamed: Report = { ...quiet, target: { name: '\u0301', engine: '', version: null } };
  expect(toMessage(unnamed).attributes).toMatchObject({
    target: { value: 'unknown' },
    engine: { value: 'unknown' },
  });
});

test('a recovery says so in its words and in its attributes', () => {
  const recoveredFrom = {
    notificationKey: '',
    notifiedAt: '2026-11-22T03:05:06Z',
    outcome: 'fault',
  } as const;
  const message = toMessage(quiet, {}, { ...ordinary, recoveredFrom });
  expect(message.attributes['news']?.value).toBe('recovery');
  expect(partsOf(message)['default']).toMatch(/^All clear on orders/);
});

describe('the limit of SNS', { timeout: 60_000 }, () => {
  test.each([
    ['quotes and backslashes', '"\\'.repeat(100)],
    ['controls', '\u0000\n'.repeat(100)],
    ['three bytes for one character', '漢'.repeat(200)],
    ['four bytes for one character', '💣'.repeat(100)],
    ['halves of characters', '\ud800'.repeat(200)],
    ['plain text', 'x'.repeat(200)],
  ])('holds for 5,000 sessions named by %s', (_, text) => {
    const message = toMessage(manySessions(5_000, (index) => `${index}${text}`));
    expect(publishSize(message)).toBeLessThan(mostOfSns - 20_000);
    const report = JSON.parse(partsOf(message)['sqs'] ?? '') as TrimmedReport;
    expect(report.truncated.decisions + report.decisions.length).toBe(5_000);
    expect(report.groups.length).toBeGreaterThan(1);
    expect(report.decisions.length).toBeGreaterThan(1);
    expect(partsOf(message)['email']).toContain('WHERE TO LOOK NEXT');
  });

  test('holds for 5,000 random sessions', () => {
    const texts = fc.array(nastyText, { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(texts, (some) => {
        const message = toMessage(manySessions(5_000, (index) => some[index % 50] ?? ''));
        expect(publishSize(message)).toBeLessThan(mostOfSns - 20_000);
      }),
      { numRuns: 5 },
    );
  });

  test('nothing in a message is a character that SNS refuses', () => {
    const text = Object.values(partsOf(toMessage(hostileNames)))
      .join('')
      .replaceAll('\n', '');
    expect(/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.exec(text)).toBeNull();
  });
});
