import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { endAtExit, forgetProcess } from '../../servers/at-exit.ts';
import { findPrograms } from '../../servers/find-program.ts';
import { findFreePort } from '../../servers/free-port.ts';

/** A private AWS emulator, empty and only for the test file that started it. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const [program] = findPrograms('moto_server');
const why = 'moto_server is not on the PATH; pip install "moto[server]"';

if (program === undefined && process.env['UNLEAK_REQUIRE_ALL_SERVERS'] === '1')
  throw new Error(`Tests of AWS cannot run: ${why}`);

/** Whether there is an emulator here; where there is none, its tests are skipped. */
export const isMotoHere = program !== undefined;

/** The title of a group of tests that need the emulator; where it is missing, title and output say why it is skipped. */
export function withMoto(title: string): string {
  if (isMotoHere) return title;
  console.warn(`Tests without ${title}: ${why}.`);
  return `${title} (skipped: ${why})`;
}

/** Starts the emulator on a free port and resolves once it answers. */
export async function startMoto(): Promise<Moto> {
  if (program === undefined) throw new Error(why);
  const port = await findFreePort();
  const child = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => log.push(chunk));
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  endAtExit(pid, 'SIGKILL');
  const exited = once(child, 'exit').then(() => forgetProcess(pid));
  const endpoint = `http://127.0.0.1:${port}`;
  await untilItAnswers(endpoint, () => {
    if (child.exitCode !== null) throw new Error(`moto_server ended:\n${Buffer.concat(log).toString()}`);
  });
  return {
    endpoint,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function untilItAnswers(endpoint: string, check: () => void): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    check();
    try {
      await (await fetch(`${endpoint}/moto-api/data.json`)).text();
      return;
    } catch {
      await wait(100);
    }
  }
  throw new Error('moto_server gave no answer in half a minute');
}

/** What an SDK client needs to talk to an endpoint of a test; the keys are nobody's. */
export function clientAt(endpoint: string) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a-test-has-no-secrets' },
  };
}
