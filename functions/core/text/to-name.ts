import { defangName } from './defang.ts';
import { toLine } from './to-line.ts';

/** A space at which wrapText never breaks; no cleaned text holds one, since toLine turns every blank into a plain space. */
export const hardSpace = '\u00a0';

const plain = /^[\p{L}\p{N}_.@:/*+#%-]+$/u;

/**
 * A server's name for something, as one unbreakable word: as it is where it is plain, in quotes where it is not, so that
 * it cannot pass for our words nor begin a line. Nothing in it becomes a link or a number to call.
 */
export function toName(name: string, most = 64): string {
  return toWord(defangName(toLine(name, most)));
}

/** A name that unleak or its configuration gave: a code, the number of a sweep. */
export function toOwnName(name: string, most = 64): string {
  return toWord(toLine(name, most));
}

/** The number of a session, whole; a server that gives something else gives a name. */
export function toId(id: string): string {
  return /^\d{1,20}$/.test(id) ? id : toName(id, 24);
}

function toWord(line: string): string {
  if (plain.test(line)) return line;
  return `"${line.replaceAll('"', '\\"')}"`.replaceAll(' ', hardSpace);
}

/** Text kept on one line. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', hardSpace);
}
