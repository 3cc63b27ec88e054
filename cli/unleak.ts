import { main as run } from './main.ts';
import { createConsole } from './terminal/console.ts';

/** The process's own run of the command line; its exit code is documented in exit-codes.ts. */
export async function main(): Promise<void> {
  process.stdout.on('error', leaveQuietly);
  process.exitCode = await run(process.argv.slice(2), createConsole());
}

/** Whoever reads our output may stop early, like `head`. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}
