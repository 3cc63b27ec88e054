import { CommanderError } from 'commander';
import { Fault } from '../functions/core/model/fault.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { describeFault } from './describe-fault.ts';
import { createMask, maskLogins } from './mask.ts';
import type { Console } from './terminal/console.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command line to its end; never throws, and shows no part of a connection URL whatever goes wrong. */
export async function main(args: readonly string[], console: Console): Promise<ExitCode | 129 | 130 | 143> {
  const mask = createMask([...args, console.env['UNLEAK_URL'] ?? '']);
  const tell = (text: string) => console.screen.progress(mask(text));
  let code: ExitCode = exitCodes.fine;
  const program = createProgram({ console, end: (ended) => (code = ended), tell });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (console.interrupted.aborted) return codeOf(console.interrupted.reason);
    return explain(error, tell);
  }
}

/** 128 and the number of the signal, as shells have it. */
function codeOf(signal: unknown): 129 | 130 | 143 {
  return signal === 'SIGTERM' ? 143 : signal === 'SIGHUP' ? 129 : 130;
}

function explain(error: unknown, tell: (text: string) => void): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  if (error instanceof UsageError) {
    tell(error.message);
    return exitCodes.usage;
  }
  if (error instanceof Fault) tell(describeFault(error));
  else tell(`This is a defect of unleak. ${maskLogins(stackOf(error))}`);
  return exitCodes.fault;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : typeof error;
}
