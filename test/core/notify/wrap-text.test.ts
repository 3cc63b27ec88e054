import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteSize } from '../../../functions/core/text/byte-size.ts';
import { cutLines } from '../../../functions/core/text/cut-lines.ts';
import { bullet, quote, wrapText } from '../../../functions/core/text/wrap-text.ts';

const words = fc.array(fc.stringMatching(/^[a-z]{1,90}$/), { maxLength: 60 }).map((each) => each.join(' '));

test('lines have at most 78 columns unless one word is longer, and no word is lost', () => {
  fc.assert(
    fc.property(words, (text) => {
      const lines = bullet(text);
      expect(lines.every((line) => line.length <= 78 || !line.slice(2).includes(' '))).toBe(true);
      expect(lines.map((line) => line.slice(2)).join(' ')).toBe(text);
    }),
  );
});

test('a line is full at 78 columns, not at 77 or 79', () => {
  expect(wrapText(`${'a'.repeat(70)} ${'b'.repeat(7)}`)).toHaveLength(1);
  expect(wrapText(`${'a'.repeat(70)} ${'b'.repeat(8)}`)).toHaveLength(2);
});

test('a long quotation is marked on each of its lines', () => {
  expect(quote('Said:', 'short')).toEqual(['  Said: short']);
  const [label, ...lines] = quote('Said:', 'word '.repeat(40).trim());
  expect(label).toBe('  Said:');
  expect(lines.every((line) => line.startsWith('  > word'))).toBe(true);
});

test('a text that is too large loses whole lines before its last section, and says so', () => {
  const text = `${Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')}\n\nEND\n- end\n`;
  const cut = cutLines(text, 300, byteSize);
  expect(byteSize(cut)).toBeLessThanOrEqual(300);
  expect(cut).toMatch(/^line 0\n[^]*line \d+\n\n\(This notice was shortened.*\)\n\nEND\n- end\n$/);
  expect(cutLines(text, 10_000, byteSize)).toBe(text);
});
