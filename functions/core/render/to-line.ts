import { cleanText, shorten } from '../clean-text.ts';

/** Text from anywhere as one harmless line of at most `most` characters, each run of blanks shown as one space. */
export function toLine(text: string, most = 200): string {
  // Noncharacters such as U+FFFF are not controls, but SNS and SQS refuse a message that holds one.
  const harmless = cleanText(text, most).replace(/\p{Noncharacter_Code_Point}/gu, '?');
  return shorten(harmless.replace(/\p{Zs}+/gu, ' ').trim(), most);
}
