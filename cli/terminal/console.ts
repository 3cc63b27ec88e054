import { createInterface } from 'node:readline/promises';
import { addAbortSignal, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Output, watchOutput } from './output.ts';
import { createScreen, type Screen } from './screen.ts';

/** Everything a command has around it: a screen, somebody to ask perhaps, the environment, and Ctrl-C. */
export interface Console {
  readonly screen: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether there is somebody to ask: standard input and standard error are terminals. */
  readonly isInteractive: boolean;
  /** Aborted by SIGINT, SIGTERM and SIGHUP, with the signal's name as the reason, and by SIGPIPE's when nobody takes the output any more. */
  readonly interrupted: AbortSignal;
  /** Asks a question and gives the answer without spaces around it. */
  ask(question: string, signal?: AbortSignal): Promise<string>;
  /** Asks without showing what is typed. */
  askSecretly(question: string): Promise<string>;
  /** Aborted when `q` is typed; never where standard input is no terminal. `close` gives the keys back. */
  watchQuit(): { readonly quit: AbortSignal; readonly close: () => void };
  /** All of standard input. */
  readInput(): Promise<string>;
}

/** The process's own console, and what becomes of its output. */
export function createConsole(): Console & { readonly output: Output } {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interrupt.abort(signal));
  const output = watchOutput(interrupt);
  return {
    output,
    screen: createScreen(output.unwritten),
    env: process.env,
    isInteractive: process.stdin.isTTY && process.stderr.isTTY,
    interrupted: interrupt.signal,
    ask: (question, signal) => ask(question, process.stderr, signal ?? interrupt.signal),
    askSecretly: async (question) => {
      const answer = ask('', silence(), interrupt.signal);
      // Only now that the terminal no longer echoes by itself: an answer that comes at once must not be seen.
      process.stderr.write(question);
      await answer.finally(() => process.stderr.write('\n'));
      return answer;
    },
    watchQuit: () => watchQuit(process.stdin, () => interrupt.abort('SIGINT')),
    readInput: () => text(addAbortSignal(interrupt.signal, process.stdin)),
  };
}

async function ask(question: string, output: NodeJS.WritableStream, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  const stop = new AbortController();
  lines.once('close', () => stop.abort()); // Ctrl-C and Ctrl-D at the question
  try {
    const answer = await lines.question(question, { signal: AbortSignal.any([signal, stop.signal]) });
    return answer.trim();
  } finally {
    lines.close();
  }
}

/** Takes the echo of what is typed, and shows none of it. */
function silence(): NodeJS.WritableStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** Without the terminal's line buffer Ctrl-C is a key like others. */
function watchQuit(input: NodeJS.ReadStream, interrupt: () => void) {
  const pressed = new AbortController();
  if (!input.isTTY) return { quit: pressed.signal, close: () => undefined };
  const onKey = (keys: Buffer) => {
    if (keys.includes('\u0003')) interrupt();
    if (/q/i.test(keys.toString('latin1'))) pressed.abort();
  };
  input.setRawMode(true).on('data', onKey);
  const close = () => void input.setRawMode(false).off('data', onKey).pause();
  return { quit: pressed.signal, close };
}
