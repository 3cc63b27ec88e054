import pc from 'picocolors';

/** Where a command writes: results to standard output, progress and mistakes to standard error, colour on a terminal only. */
export interface Screen {
  readonly print: (...lines: readonly string[]) => void;
  /** Results that must be seen: where standard output cannot be written, they go to standard error when the command has ended. */
  readonly printSurely: (...lines: readonly string[]) => void;
  readonly progress: (line: string) => void;
  /** Characters in a line; 100 where there is no terminal. */
  readonly columns: number;
  /** Whether results go to a terminal, which may be cleared and redrawn. */
  readonly isTerminal: boolean;
  readonly style: Pick<
    ReturnType<typeof pc.createColors>,
    'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'
  >;
}

/** The process's own screen; NO_COLOR and pipes give plain text. What `printSurely` could not write is left in `unwritten`. */
export function createScreen(unwritten: Set<{ readonly text: string }>): Screen {
  const { stdout, stderr, env } = process;
  const isColourful = (stream: { isTTY?: boolean }) => stream.isTTY === true && isColourWanted(env);
  const dim = pc.createColors(isColourful(stderr)).dim;
  return {
    print: (...lines) => void stdout.write(toText(lines)),
    printSurely: (...lines) => {
      const entry = { text: toText(lines) };
      unwritten.add(entry);
      stdout.write(entry.text, (error) => {
        if (!error) unwritten.delete(entry);
      });
    },
    progress: (line) => void stderr.write(`${dim(line)}\n`),
    columns: Math.max(60, Math.min(stdout.columns || 100, 160)),
    isTerminal: stdout.isTTY,
    style: pc.createColors(isColourful(stdout)),
  };
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Whoever sets NO_COLOR to anything but nothing, or has a terminal that cannot, gets none. */
function isColourWanted(env: NodeJS.ProcessEnv): boolean {
  return (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}
