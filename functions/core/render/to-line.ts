import { cleanText } from '../clean-text.ts';

/** Text as one printable line for people: each run of blanks is shown as one space, so that none can push text to the next line. */
export function toLine(text: string, most = 200): string {
  return cleanText(text, most)
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
}
