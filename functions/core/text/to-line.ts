import { cleanText } from './clean-text.ts';
import { defangProse } from './defang.ts';

/** Prose and statements in which texts from elsewhere may stand, as one line without anything that becomes a link. */
export function toProse(text: string, most = 200): string {
  return defangProse(toLine(text, most));
}

/** Text as one printable line for people: each run of blanks is shown as one space, so that none can push text to the next line. */
export function toLine(text: string, most = 200): string {
  return cleanText(text, most)
    .replace(/\p{Zs}+/gu, ' ')
    .trim();
}
