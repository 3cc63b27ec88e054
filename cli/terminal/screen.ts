import pc from 'picocolors';

/** Where a command writes: results to standard output, progress to standard error, colour on a terminal only. */
export interface Screen {
  print(...lines: readonly string[]): void;
  progress(line: string): void;
  readonly style: Pick<
    ReturnType<typeof pc.createColors>,
    'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'
  >;
}

/** The process's own screen; NO_COLOR and pipes give plain text. */
export function createScreen(): Screen {
  const style = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
  return {
    print: (...lines) => void process.stdout.write(lines.map((line) => `${line}\n`).join('')),
    progress: (line) => void process.stderr.write(`${style.dim(line)}\n`),
    style,
  };
}
