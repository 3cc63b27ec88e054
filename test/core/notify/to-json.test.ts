import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteSize } from '../../../functions/core/text/byte-size.ts';
import { toJson } from '../../../functions/core/notify/to-json.ts';
import type { TrimmedReport } from '../../../functions/core/notify/trim-report.ts';
import { nastyText } from './arbitraries.ts';
import { manySessions } from './many-sessions.ts';
import { ended, incomplete } from './reports.ts';

test('a report that fits is told as it is', () => {
  expect(JSON.parse(toJson(ended, 100_000))).toEqual(ended);
});

test('a report that does not fit keeps who leaks, what failed and the chosen, and tells what it left out', () => {
  const trimmed = JSON.parse(toJson(incomplete, 16_000)) as TrimmedReport;
  expect(trimmed.groups).toEqual(
    incomplete.groups.map((group) => ({ ...group, statement: expect.any(String) as string })),
  );
  expect(trimmed.outcomes.filter(({ result }) => result !== 'terminated')).toHaveLength(8);
  expect(trimmed.decisions.every(({ verdict }) => verdict === 'terminate')).toBe(true);
  expect(trimmed.truncated.decisions).toBe(incomplete.decisions.length - trimmed.decisions.length);
  expect(trimmed.truncated.decisions).toBeGreaterThan(0);
  expect(trimmed.verdicts).toEqual(incomplete.verdicts);
});

test('the budget holds and the JSON is valid, whatever the names', () => {
  fc.assert(
    fc.property(
      nastyText,
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 20_000, max: 200_000 }),
      (text, count, most) => {
        const json = toJson(
          manySessions(count, () => text),
          most,
        );
        expect(byteSize(json)).toBeLessThanOrEqual(most);
        expect(JSON.parse(json)).toMatchObject({ schema: 'unleak.report/1' });
      },
    ),
    { numRuns: 50 },
  );
});
