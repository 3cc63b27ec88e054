/** A command of docs/cli.md with the output that is shown below it. */
export interface Example {
  readonly command: string;
  readonly shown: string;
}

const block = /```console\n([^]*?)```\n/g;

/** The examples of a page, in order: each line that begins with `$ npx unleak`, and what follows up to the next one. */
export function readExamples(page: string): readonly Example[] {
  return [...page.matchAll(block)].flatMap(([, text = '']) =>
    text
      .split(/^\$ /m)
      .filter((part) => part.startsWith('npx unleak'))
      .map((part) => {
        const [command = '', ...lines] = part.trimEnd().split('\n');
        return { command, shown: lines.join('\n') };
      }),
  );
}

/** The page with these outputs in the place of those it shows. */
export function writeExamples(page: string, outputs: readonly string[]): string {
  const rest = [...outputs];
  return page.replace(block, (_whole, text: string) => {
    const parts = text.split(/^\$ /m).map((part) => {
      if (!part.startsWith('npx unleak')) return part;
      return `${part.split('\n', 1)[0] ?? ''}\n${rest.shift() ?? ''}\n`;
    });
    return `\`\`\`console\n${parts.join('$ ')}\`\`\`\n`;
  });
}

/** Output without what differs from run to run: times, process ids, passwords, and the width of columns. */
export function maskVolatile(text: string): string {
  return text
    .split(/\s+/)
    .join(' ')
    .trim()
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '(time)')
    .replace(/\d{4}-\d\d-\d\d\s+[\d:]+\s+UTC/g, '(time)')
    .replace(/PASSWORD '[^']+'/g, "PASSWORD '(password)'")
    .replace(/\b\d+(?:ms|[smhd])(?: \d+[smhd])?\b|\b\d+ ms\b/g, '(duration)')
    .replace(/\b\d{3,}\b/g, '(number)')
    .replaceAll('for up to (', 'for (');
}
