import { setTimeout as wait } from 'node:timers/promises';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import { logIn } from '../../functions/flow/log-in.ts';
import { resolveTarget } from '../target/resolve-target.ts';
import type { ServerOptions } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { toSnapshotFile } from '../../functions/core/to-snapshot-file.ts';
import { createParts } from '../target/sweep-parts.ts';
import type { Console } from '../terminal/console.ts';
import { createOpenDeadline } from '../terminal/open-deadline.ts';
import { toJson } from '../terminal/to-json.ts';
import { printSnapshot } from './print-snapshot.ts';
import { saveSnapshot } from './save-snapshot.ts';

/** The options of `unleak look`. */
export interface LookOptions extends ServerOptions {
  readonly watch?: true;
  readonly every: number;
  readonly save?: string;
}

const clearScreen = '\u001b[H\u001b[2J\u001b[3J';

/** Looks once, or until `q` or Ctrl-C, on one connection; ends nothing and takes no lock. */
export async function look(
  name: string | undefined,
  options: LookOptions,
  console: Console,
): Promise<ExitCode> {
  const resolved = await resolveTarget(name, options, console);
  const { control } = await logIn(
    resolved.target,
    createParts(resolved, createOpenDeadline(console.interrupted)),
  );
  try {
    await show(await control.snapshot(), resolved.label, options, console);
    if (options.watch) await watch(() => control.snapshot(), resolved.label, options, console);
  } finally {
    await control.close();
  }
  return exitCodes.fine;
}

async function watch(
  snapshot: () => Promise<Snapshot>,
  target: string,
  options: LookOptions,
  console: Console,
): Promise<void> {
  const { quit, close } = console.watchQuit();
  const ended = AbortSignal.any([quit, console.interrupted]);
  try {
    while (await pause(options.every, ended)) await show(await snapshot(), target, options, console);
  } finally {
    close();
  }
}

async function show(
  snapshot: Snapshot,
  target: string,
  options: LookOptions,
  console: Console,
): Promise<void> {
  const { screen } = console;
  if (options.json) screen.print(toJson(toSnapshotFile(snapshot), options.watch ? 0 : 2));
  else {
    if (options.watch && screen.isTerminal) screen.print(clearScreen);
    printSnapshot(screen, target, snapshot);
  }
  if (options.save === undefined) return;
  const file = await saveSnapshot(options.save, target, snapshot);
  if (!options.watch) screen.progress(`Saved as ${file}`);
}

/** False as soon as `q` or Ctrl-C ends the watch. */
async function pause(ms: number, interrupted: AbortSignal): Promise<boolean> {
  try {
    await wait(ms, undefined, { signal: interrupted });
    return true;
  } catch {
    return false; // only an abort ends this wait early
  }
}
