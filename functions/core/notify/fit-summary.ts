import { defangName } from '../text/defang.ts';
import type { Summary } from './summarize.ts';
import { cutAscii, toAscii } from '../text/to-ascii.ts';

const longest = 1_000;
const shortestName = 12;

/** The summary of a target in ASCII within `most` characters: first without its tail, then with the name cut, then cut itself. */
export function fitSummary({ lead, rest, tail }: Summary, target: string, most: number): string {
  const name = defangName(toAscii(target, 128)) || 'unnamed';
  const whole = toAscii(`${lead}${name}${rest}${tail}`, longest);
  if (whole.length <= most) return whole;
  const withoutTail = toAscii(`${lead}${name}${rest}`, longest);
  const shown = Math.max(shortestName, name.length - Math.max(0, withoutTail.length - most));
  return cutAscii(toAscii(`${lead}${cutAscii(name, shown)}${rest}`, longest), most);
}
