/** Standard output, which may be closed by its reader or stand on a full disk while a command is at work. */
export interface Output {
  /** What must be seen and is not written yet. */
  readonly unwritten: Set<{ readonly text: string }>;
  /** Waits until everything is written or cannot be; gives the reason why not, null where all is well. */
  settle(): Promise<NodeJS.ErrnoException | null>;
}

/** Interrupts the command, which has nobody to work for any more, but for what it has to bring to an end. */
export function watchOutput(interrupt: AbortController): Output {
  let reason: NodeJS.ErrnoException | null = null;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    reason ??= error;
    interrupt.abort('SIGPIPE');
  });
  // A terminal that is gone takes neither; there is nobody left to tell.
  process.stderr.on('error', () => undefined);
  return {
    unwritten: new Set(),
    settle: async () => {
      if (reason === null) await new Promise((resolve) => process.stdout.write('', resolve));
      return reason;
    },
  };
}
