import { toLine } from './to-line.ts';

/** Letters and marks that Unicode does not decompose. */
const spelled: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
};

/** Text in printable ASCII, for subjects, SMS and attributes: accents are dropped, what has no likeness becomes `?`. */
export function toAscii(text: string, most = 200): string {
  const plain = toLine(text, most)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, (character) => spelled[character] ?? '?');
  return cutAscii(plain.replace(/ +/g, ' ').trim(), most);
}

/** At most `most` characters of ASCII, with three dots where something was cut. */
export function cutAscii(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(0, most - 3)).trimEnd()}...`.slice(0, most);
}
