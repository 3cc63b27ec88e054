import { toLine } from './to-line.ts';

/** A space at which wrapText never breaks; no cleaned text holds one, since toLine turns every blank into a plain space. */
export const hardSpace = '\u00a0';

const plain = /^[\p{L}\p{N}_.@:/*+#%-]+$/u;

/**
 * A server's name for something, as one unbreakable word: as it is where it is plain, in quotes where it is not, so that
 * it cannot pass for our words nor begin a line.
 */
export function toName(name: string, most = 64): string {
  const line = toLine(name, most);
  if (plain.test(line)) return line;
  return `"${line.replaceAll('"', '\\"')}"`.replaceAll(' ', hardSpace);
}

/** Text kept on one line. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', hardSpace);
}
