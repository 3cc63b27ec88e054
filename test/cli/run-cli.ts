import pc from 'picocolors';
import { main } from '../../cli/main.ts';
import type { Console } from '../../cli/terminal/console.ts';

/** What a command showed, and how it ended. */
export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What is around the command: nothing, unless a test says so. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** Somebody at a terminal who answers so; without it there is nobody to ask. */
  readonly answers?: readonly string[];
  /** What happens while a question stands there. */
  readonly whenAsked?: () => void;
  readonly input?: string;
  readonly interrupted?: AbortSignal;
}

/** Runs a command line in this process, by the code that the terminal runs. */
export async function runCli(args: readonly string[], around: Surroundings = {}): Promise<CliRun> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(args, createTestConsole(out, err, around));
  return { code, out: out.join(''), err: err.join('') };
}

function createTestConsole(out: string[], err: string[], around: Surroundings): Console {
  const answers = [...(around.answers ?? [])];
  const ask = (question: string) => {
    err.push(`${question}\n`);
    around.whenAsked?.();
    return Promise.resolve(answers.shift() ?? '');
  };
  return {
    screen: {
      print: (...lines) => void out.push(...lines.map((line) => `${line}\n`)),
      printSurely: (...lines) => void out.push(...lines.map((line) => `${line}\n`)),
      progress: (line) => void err.push(`${line}\n`),
      columns: 100,
      isTerminal: false,
      style: pc.createColors(false),
    },
    env: around.env ?? {},
    isInteractive: around.answers !== undefined,
    interrupted: around.interrupted ?? new AbortController().signal,
    ask,
    askSecretly: ask,
    watchQuit: () => ({ quit: new AbortController().signal, close: () => undefined }),
    readInput: () => Promise.resolve(around.input ?? ''),
  };
}
