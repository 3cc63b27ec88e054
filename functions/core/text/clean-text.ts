/* Everything a terminal, a mail client or a log viewer could take for a line break, a cursor move or a change of
   direction: C0, DEL and C1 controls, line and paragraph separators, bidirectional and invisible format characters,
   byte-order mark, tag characters, lone surrogates, private use and noncharacters (which SQS refuses). */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/gu;

/** Text from a server or a file as one harmless, printable line of at most `most` characters; controls become `\u{…}`. */
export function cleanText(text: string, most = 200): string {
  const part = text.length > most * 2 ? text.slice(0, most * 2) : text;
  const printable = part.replace(
    unprintable,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return shorten(printable, most);
}

/** At most `most` characters, never half of one, with an ellipsis where something was cut. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
