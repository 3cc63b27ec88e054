import { hardSpace } from './to-name.ts';

const width = 78;

/** Lines of at most 78 columns, broken at plain spaces only; a word longer than that stays whole. */
export function wrapText(text: string, first = '', rest = first): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ').filter((word) => word !== '')) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((each) => each.replaceAll(hardSpace, ' ').trimEnd());
}

/** A list item: a dash before its first line, every following line indented under it. */
export function bullet(text: string): string[] {
  return wrapText(text, '- ', '  ');
}

/** A line of a list item below its first. */
export function under(text: string): string[] {
  return wrapText(text, '  ', '    ');
}

/** A text that is not ours under its label: on the same line where it fits, else with a mark before each of its lines. */
export function quote(label: string, text: string): string[] {
  const line = `  ${label} ${text}`;
  return line.length <= width ? [line] : [`  ${label}`, ...wrapText(text, '  > ')];
}
