import { exitCodes } from './exit-codes.ts';
import { main as run } from './main.ts';
import { createConsole } from './terminal/console.ts';

/** The process's own run of the command line; its exit code is documented in exit-codes.ts. */
export async function main(): Promise<void> {
  const console = createConsole();
  const code = await run(process.argv.slice(2), console);
  const reason = await console.output.settle();
  const unseen = [...console.output.unwritten].map(({ text }) => text).join('');
  process.exitCode = reason === null ? code : tellUnseen(reason, unseen);
}

/** Whoever reads our output may stop early, like `head`; but what was done to sessions is told whatever happens. */
function tellUnseen({ code = 'unknown' }: NodeJS.ErrnoException, unseen: string): number {
  if (unseen === '' && code === 'EPIPE') return exitCodes.fine;
  const rest = unseen === '' ? '' : `; this is what was not:\n${unseen}`;
  process.stderr.write(`Standard output could not be written (${code})${rest}\n`);
  return exitCodes.fault;
}
