import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = '') {
  const child = spawn(process.execPath, [bin, ...args], { env: { ...process.env, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const seen = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (seen.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (seen.err += bytes.toString()));
  child.stdin.end(input);
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...seen })));
  return { pid: child.pid ?? 0, ended };
}

/** A port that accepts connections and never says a word; it tells of each how long the other side had the patience. */
async function listenSilently(onEnd: (waitMs: number) => void = () => undefined): Promise<number> {
  const server = createServer((socket) => {
    const start = performance.now();
    socket.on('error', () => undefined).resume();
    socket.on('close', () => onEnd(performance.now() - start));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the process itself', () => {
  it('never shows a password given in a URL: not in an error, whatever is wrong', async () => {
    const secret = 'Pa55-w0rd';
    const runs: [string[], Record<string, string>, string][] = [
      [['sweep', '--url', `postgres://app:${secret}@127.0.0.1:1/x`, '--policy', 'unleak.yaml#web'], {}, ''],
      [['look', '--url', `postgres://app:${secret}/@127.0.0.1:1/x`], {}, ''],
      [['look', `--url=mysql://app:${secret}@127.0.0.1:1/x?a=b`], {}, ''],
      [['look', '--uri', `mysql://app:${secret}@127.0.0.1:1/x`], {}, ''],
      [['loook', `mysql://app:${secret}@127.0.0.1:1/x`], {}, ''],
      [['look', '--url', '-'], {}, `mysql://app:${secret}@127.0.0.1:1/x\n`],
      [['check'], { UNLEAK_URL: `mysql://app:${secret}@127.0.0.1:1` }, ''],
    ];
    const ended = await Promise.all(runs.map(([args, env, input]) => start(args, env, input).ended));
    expect(ended.map(({ code }) => code)).toEqual([3, 2, 2, 2, 2, 3, 1]);
    for (const { out, err } of ended) expect(out + err).not.toContain('Pa55');
  });

  it.skipIf(process.platform !== 'linux')(
    'hides its arguments from the process list while it waits',
    async () => {
      const url = `postgres://app:Pa55-w0rd@127.0.0.1:${await listenSilently()}/x`;
      const { pid } = start(['look', '--url', url]);
      const readArguments = () => readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      await expect.poll(readArguments, { timeout: 20_000 }).toBe('unleak');
    },
  );

  it('gives up a server that accepts and never speaks after ten seconds, and ends then', async () => {
    const waits: number[] = [];
    const port = await listenSilently((waitMs) => waits.push(waitMs));
    const at = (engine: string) => ['--url', `${engine}://app:Pa55-w0rd@127.0.0.1:${port}/x`];
    const commands = [
      ['look', ...at('postgres')],
      ['look', ...at('mysql')],
      ['check', ...at('mysql')],
      ['sweep', ...at('postgres'), '--policy', 'unleak.yaml#web'],
    ];
    const ended = await Promise.all(commands.map((args) => start(args).ended));
    expect(ended.map(({ code }) => code)).toEqual([3, 3, 1, 3]);
    for (const { out, err } of ended) expect(out + err).toContain('connect.timeout');
    // The check opens one of its own first, to see whether anybody answers at all.
    await expect.poll(() => waits.length, { timeout: 20_000 }).toBe(commands.length + 1);
    expect(Math.max(...waits)).toBeLessThan(20_000);
  });

  it('prints no colour into a pipe, and none at all with NO_COLOR', async () => {
    const { out } = await start(['validate', '--help'], { FORCE_COLOR: '1' }).ended;
    expect(out).not.toContain('\u001b[');
  });

  it('tells its version', async () => {
    expect(await start(['--version']).ended).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
    });
  });
});
