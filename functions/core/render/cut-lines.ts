const notice = '(This notice was shortened; the report holds the rest.)\n';

/** The first lines of a text that fit into `most` by `sizeOf`, and a last line that says so where some are missing. */
export function cutLines(text: string, most: number, sizeOf: (text: string) => number): string {
  if (sizeOf(text) <= most) return text;
  let left = most - sizeOf(notice);
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    left -= sizeOf(`${line}\n`);
    if (left < 0) break;
    lines.push(line);
  }
  return `${lines.join('\n')}\n${notice}`;
}
