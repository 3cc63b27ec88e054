import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openRelayedShop } from './relayed-shop.ts';
import type { Shop } from './shop.ts';

const bin = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));
const servers = inject('servers').filter(({ kind }) => kind === 'postgres');

/** As a terminal would run it. */
async function prepare() {
  const [server] = servers;
  if (server === undefined) throw new Error('no PostgreSQL');
  const { shop, relay, args } = await openRelayedShop(server);
  return { shop, relay, args: [bin, ...args] };
}

function codeOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve) => child.once('close', resolve));
}

async function expectTold(shop: Shop, told: string): Promise<void> {
  expect(told).toContain('3 terminated');
  await expect.poll(() => shop.count(), { timeout: 30_000 }).toBe(0);
}

describe.skipIf(servers.length === 0 || process.platform !== 'linux')(
  'an enforced sweep tells what it did',
  () => {
    test('where its output is on a full disk', { timeout: 90_000 }, async () => {
      const { shop, args } = await prepare();
      const full = openSync('/dev/full', 'w');
      onTestFinished(() => closeSync(full));
      const child = spawn(process.execPath, args, { stdio: ['ignore', full, 'pipe'] });
      const [code, err] = await Promise.all([codeOf(child), text(child.stderr as Readable)]);
      expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('ENOSPC') as string });
      await expectTold(shop, err);
    });

    test('where nobody reads its output', { timeout: 90_000 }, async () => {
      const { shop, args } = await prepare();
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      const [code, err] = await Promise.all([codeOf(child), text(child.stderr)]);
      expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('EPIPE') as string });
      await expectTold(shop, err);
    });

    test('where its terminal is closed while it ends sessions', { timeout: 90_000 }, async () => {
      const { shop, relay, args } = await prepare();
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      relay.onRequest((bytes) => {
        if (bytes.includes('unleak-end')) child.kill('SIGHUP');
      });
      const [code, out] = await Promise.all([codeOf(child), text(child.stdout), text(child.stderr)]);
      expect(code).toBe(0);
      await expectTold(shop, out);
    });

    test('and whoever reads only the beginning of other output is no fault', async () => {
      const child = spawn(process.execPath, [bin, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      const [code, err] = await Promise.all([codeOf(child), text(child.stderr)]);
      expect({ code, err }).toEqual({ code: 0, err: '' });
    });
  },
);
