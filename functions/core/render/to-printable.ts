import { cleanText } from '../clean-text.ts';

/** Text from anywhere as one printable line of at most `most` characters that SNS and SQS take as well. */
export function toPrintable(text: string, most: number): string {
  // Noncharacters such as U+FFFF are not controls, but SQS refuses a message that holds one.
  return cleanText(text, most).replace(/\p{Noncharacter_Code_Point}/gu, '?');
}
