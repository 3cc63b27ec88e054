import { defangName } from '../text/defang.ts';

/** Longer statements do not fit into a message as a whole, and a part of one is nothing to paste. */
const longest = 600;

/** What can be pasted as it is: printable ASCII without a quote, a backslash or blanks that a mail would lose. */
const plain = /^(?! )(?!.*(?: {2}| $))[ -&(-[\]-~]{1,200}$/;

const escapesAndNumbers = /\\(?:x.{2}|u.{4}|U.{8})|\d{7,}/g;

/**
 * PostgreSQL's literal of the name of a prepared transaction. All that is not plain, or that a mail client makes a link of, is
 * written with escapes (E'it\x27s'), which mean the same whatever standard_conforming_strings is. Null where some of its bytes
 * could not be read.
 */
export function toGidLiteral(name: string): string | null {
  if (plain.test(name) && defangName(name) === name) return `'${name}'`;
  if (name === '' || name.includes('\uFFFD')) return null;
  const words = name.replace(/[^\p{ASCII}]|[^\w]/gu, escape);
  const literal = `E'${words.replace(escapesAndNumbers, (run) => (run.startsWith('\\') ? run : run.replace(/./g, escape)))}'`;
  return literal.length <= longest ? literal : null; // no dot, no slash, and no digit beside another, is left in it
}

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hexadecimal = code.toString(16);
  if (code < 0x80) return `\\x${hexadecimal.padStart(2, '0')}`;
  return code < 0x1_0000 ? `\\u${hexadecimal.padStart(4, '0')}` : `\\U${hexadecimal.padStart(8, '0')}`;
}

const part = "(?:[xX]?'[ -&(-[\\]-~]{0,128}'|0x[\\da-fA-F]+)";
const xid = new RegExp(`^${part}(?:,${part})?(?:,\\d{1,10})?$`);

/** Digits in hexadecimal that no letter of it touches, which a phone would call. */
const callable = /(?<![\da-f])\d{7,}(?![\da-f])/i;

/** The XID as XA ROLLBACK takes it: as the server gave it, its texts in hexadecimal where a mail client would make a link of one. */
export function toXidLiteral(name: string): string | null {
  if (!xid.test(name)) return null;
  if (defangName(name) === name && !/ {2}|' | '/.test(name)) return name;
  const safe = name.replace(/(?<![xX])'([^']*)'/g, (_all, text: string) => `X'${toHexadecimal(text)}'`);
  return callable.test(safe) ? null : safe;
}

function toHexadecimal(ascii: string): string {
  return ascii.replace(/./g, (character) => character.charCodeAt(0).toString(16).padStart(2, '0'));
}
