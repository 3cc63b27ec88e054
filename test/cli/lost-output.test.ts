import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openRelay } from '../engines/contract/relay.ts';
import { sweepAlone } from '../servers/sweep-alone.ts';
import { openShop, policyFor, type Shop } from './shop.ts';

const bin = fileURLToPath(new URL('../../cli/bin.js', import.meta.url));
const servers = inject('servers').filter(({ kind }) => kind === 'postgres');

/** What an enforced sweep needs, over a relay that sees what is asked of the server. */
async function prepare() {
  const [server] = servers;
  if (server === undefined) throw new Error('no PostgreSQL');
  const letOthersSweep = await sweepAlone(server);
  const shop = await openShop(server);
  const folder = mkdtempSync(join(tmpdir(), 'unleak-lost-'));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true, force: true });
    await shop.close();
    await letOthersSweep();
  });
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, policyFor(shop.appUser));
  const relay = await openRelay(server);
  const url = new URL(shop.url);
  url.port = String(relay.port);
  url.searchParams.set('sslmode', 'disable');
  const args = [bin, 'sweep', '--url', url.href, '--policy', policy, '--enforce', '--yes'];
  return { shop, relay, args };
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
