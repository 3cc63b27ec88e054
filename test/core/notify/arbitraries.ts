import * as fc from 'fast-check';

/** Characters that break lines, terminals, JSON, quoting or byte counts. */
const nastyCharacters = fc.constantFrom(
  ...[
    '\n',
    '\r',
    '\u2028',
    '\u2029',
    '\u0085',
    '\u000b',
    '\u000c',
    '\u001b',
    '\u0000',
    '\u202e',
    '\u200b',
    '\ufeff',
  ],
  ...['"', '\\', '💣', '\ud800', '\uffff', 'ä', 'ß', '漢', '\u0301', '\u00a0', '\u3000', '`', ' ', 'a', '0'],
);

/** Any text, and texts made of nothing but trouble. */
export const nastyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 250 }),
  fc.string({ unit: nastyCharacters, maxLength: 250 }),
);
