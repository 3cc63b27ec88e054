import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../functions/contract/duration.ts';
import { durationSchema } from '../../functions/contract/duration-schema.ts';
import { percentageSchema } from '../../functions/contract/percentage.ts';

describe('a duration', () => {
  it.each([
    ['15s', 15_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['500ms', 500],
    ['1m500ms', 60_500],
    ['0s', 0],
    ['007s', 7_000],
    ['3650d', 315_360_000_000],
    ['3651d', null],
    ['3650d1ms', null],
    ['', null],
    ['15', null],
    ['s', null],
    ['1.5h', null],
    ['-1s', null],
    ['+1s', null],
    ['1e3s', null],
    ['1 m', null],
    [' 1m', null],
    ['1m\n', null],
    ['1M', null],
    ['1w', null],
    ['PT15S', null],
    ['１５s', null],
    [`${'9'.repeat(400)}d`, null],
    ['9'.repeat(1_000_000), null],
    ['1s'.repeat(500_000), 500_000_000],
  ])('%.20j is %s ms', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });

  it.each([
    ['999ms', false],
    ['1s', true],
    ['1001ms', true],
  ])('%s is long enough for a second: %s', (text, isLongEnough) => {
    expect(durationSchema(1_000).safeParse(text).success).toBe(isLongEnough);
  });
});

describe('a percentage', () => {
  it.each([
    ['80%', 0.8],
    ['100%', 1],
    ['0.5%', 0.005],
    ['29%', 0.29],
    ['0%', null],
    ['0.0%', null],
    ['100.1%', null],
    ['101%', null],
    ['-1%', null],
    ['80', null],
    ['80 %', null],
    ['.5%', null],
    ['1e1%', null],
    ['%', null],
    [80, null],
    [0.8, null],
    [Number.NaN, null],
  ])('%j is %s', (text, fraction) => {
    const parsed = percentageSchema.safeParse(text);
    expect(parsed.success ? parsed.data : null).toBe(fraction);
  });
});
