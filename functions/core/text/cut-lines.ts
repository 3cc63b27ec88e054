const notice = '(This notice was shortened here; the report holds the rest.)\n';

/** What fits into `most` by `sizeOf`: the first lines of a text, a line that says so where some are missing, and its last section. */
export function cutLines(text: string, most: number, sizeOf: (text: string) => number): string {
  if (sizeOf(text) <= most) return text;
  const end = text.slice(text.lastIndexOf('\n\n') + 1);
  const close = `\n${notice}${sizeOf(end) < most / 4 ? end : ''}`;
  let left = most - sizeOf(close);
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    left -= sizeOf(`${line}\n`);
    if (left < 0) break;
    lines.push(line);
  }
  return `${lines.join('\n')}\n${close}`;
}
