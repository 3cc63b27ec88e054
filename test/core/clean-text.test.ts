import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, shorten } from '../../functions/core/text/clean-text.ts';

describe('cleanText', () => {
  it.each([
    ['plain text', 'celery@worker-1', 'celery@worker-1'],
    ['letters of any script', 'größe 表 ☃ 🐘', 'größe 表 ☃ 🐘'],
    ['line breaks', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['other line separators', 'a\u0085\u2028\u2029b', 'a\\u{85}\\u{2028}\\u{2029}b'],
    ['terminal escapes', '\u001b[31mred\u009b0m', '\\u{1b}[31mred\\u{9b}0m'],
    ['tabs, bells, zeros, DEL', '\t\u0007\0\u007f', '\\u{9}\\u{7}\\u{0}\\u{7f}'],
    ['changes of direction', 'a\u202eb\u2066c\u200f', 'a\\u{202e}b\\u{2066}c\\u{200f}'],
    ['invisible characters', 'a\u200bb\ufeffc\u00add', 'a\\u{200b}b\\u{feff}c\\u{ad}d'],
    ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
    ['half a character', 'a\ud83d', 'a\\u{d83d}'],
    ['nothing', '', ''],
  ])('%s', (_what, text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  it('cuts at 200 characters unless told otherwise', () => {
    expect(cleanText('a'.repeat(200))).toBe('a'.repeat(200));
    expect(cleanText('a'.repeat(201))).toBe(`${'a'.repeat(199)}…`);
    expect(cleanText('a'.repeat(1_000_000), 5)).toBe('aaaa…');
  });

  it('is one printable line within its length, whatever it is given', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 250 }), (text, most) => {
        const clean = cleanText(text, most);
        expect(clean.length).toBeLessThanOrEqual(most);
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u);
        expect(cleanText(clean, most)).toBe(clean);
      }),
      { seed: 20_260_101, numRuns: 500 },
    );
  });
});

describe('shorten', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['a🐘bc', 3, 'a…'],
    ['a🐘bc', 4, 'a🐘…'],
    ['ab', 1, '…'],
  ])('%s to %s is %s', (text, most, short) => {
    expect(shorten(text, most)).toBe(short);
  });
});
