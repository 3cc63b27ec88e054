import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a run of `npm run -s demo` was, and what it left behind. */
export interface DemoRun {
  /** As a shell tells it: 130 for a process that died of SIGINT, as npm does after its script has ended of it. */
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
  /** Files in its temporary folder, and processes that it started and that still run. */
  readonly leftovers: readonly string[];
}

interface Options {
  readonly args?: readonly string[];
  /** As Ctrl-C does: the signal goes to every process of the terminal, once standard error says this. */
  readonly interruptAt?: string;
}

/** Runs the demo as a person would, with a temporary folder of its own. */
export async function runDemoProcess({ args = [], interruptAt }: Options = {}): Promise<DemoRun> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'demo-of-')));
  chmodSync(folder, 0o755); // servers may run under another account
  const child = spawn('npm', ['run', '-s', 'demo', '--', ...args], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, FORCE_COLOR: undefined, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const text = { out: '', err: '' };
  let isInterrupted = false;
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    text.err += chunk.toString();
    if (isInterrupted || interruptAt === undefined || !text.err.includes(interruptAt)) return;
    isInterrupted = true;
    process.kill(-(child.pid ?? 0), 'SIGINT');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  const ours = readdirSync(folder).filter((name) => name.startsWith('unleak-'));
  const leftovers = [...ours, ...processesOf(folder)];
  rmSync(folder, { recursive: true, force: true });
  return { exitCode, ...text, leftovers };
}

/** The processes that were started with this temporary folder, wherever they have gone since; on Linux only. */
function processesOf(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).includes(folder))
    .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended, or is somebody else's
  }
}
