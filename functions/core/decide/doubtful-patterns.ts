import ipaddr from 'ipaddr.js';
import type { Pattern } from '../../contract/pattern.ts';
import { cutMark } from '../text/statement.ts';
import type { Test } from './match.ts';

/* Values of which a pattern's no is not sure: cut statements, and clients shown by name where the pattern means addresses. */

/** Of a statement that was cut, a no is sure only where its beginning is another one than the pattern's. */
export function orUnknownWhereCut(test: Test, pattern: Pattern): Test {
  const ignoresCase = pattern.kind === 'expression' && pattern.ignoreCase;
  const fold = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  const beginnings = beginningsOf(pattern).map(fold);
  return (value) => {
    const answer = test(value);
    if (answer !== 'no' || !value.endsWith(cutMark)) return answer;
    const kept = fold(value.slice(0, -cutMark.length).trimEnd());
    return beginnings.some((text) => kept.startsWith(text) || text.startsWith(kept)) ? 'unknown' : 'no';
  };
}

/** What texts that match begin with, one or another, as far as that is easily told. */
function beginningsOf(pattern: Pattern): readonly string[] {
  if (pattern.kind === 'network') return [''];
  if (pattern.kind === 'wildcard') return pattern.text.split(/[*?]/, 1);
  const either = /^\^\((?:\?:)?([\w |]+)\)(?![?*+{])([^|]*)$/.exec(pattern.source)?.[1];
  if (either !== undefined) return either.split('|');
  return [/^\^([\w ]+)(?![\w ?*+{])[^|]*$/.exec(pattern.source)?.[1] ?? ''];
}

/** `10.0.*`, `/^10[.]0/`: whoever writes it means addresses. */
export function isOfAddresses(pattern: Pattern): boolean {
  if (pattern.kind === 'network') return false; // asks by itself
  if (pattern.kind === 'wildcard')
    return /^[\d.*?]*\d[\d.*?]*$/.test(pattern.text) || /^[\da-f.:*?]*:[\da-f.:*?]*$/i.test(pattern.text);
  const source = pattern.source.replaceAll('\\d', '0');
  return /\d/.test(source) && !/[a-z]/i.test(source);
}

/** Which address a host name has, nobody can tell from here, but for `localhost`. */
export function orUnknownForNames(test: Test): Test {
  return (value) => {
    if (test(value) === 'yes') return 'yes';
    if (value === 'localhost') return test('127.0.0.1') === 'yes' ? 'yes' : test('::1');
    return isAddress(value) ? 'no' : 'unknown';
  };
}

/** IPv4 in four parts or IPv6; `10` and `127.1` are names here, though address parsers take them. */
export function isAddress(value: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(value) || (value.includes(':') && ipaddr.IPv6.isValid(value));
}
