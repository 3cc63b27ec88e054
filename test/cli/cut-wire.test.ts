import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import type { Report } from '../../functions/core/report.ts';
import { openRelay } from '../engines/contract/relay.ts';
import type { ProvidedServer } from '../servers/global-setup.ts';
import { sweepAlone } from '../servers/sweep-alone.ts';
import { type CliRun, runCli } from './run-cli.ts';
import { openShop, policyFor } from './shop.ts';

/** What is in the first packet that ends a session, and in none before it. */
const ending = /KILL (?:IF|@)|unleak-end/;

describe.for(inject('servers'))('$name: a wire that breaks amid the ending', (server) => {
  const isTogether = server.kind === 'postgres'; // others end each session by a packet of its own

  test('shows what was attempted, and then the fault', async () => {
    const { code, out, err } = await sweepOverCutWire(server);
    expect({ code, err }).toMatchObject({ code: 3, err: expect.stringContaining('connect.lost') as string });
    expect(out).toContain(isTogether ? '3 unverified; 0 spared' : '1 unverified, 2 skipped; 0 spared');
  });

  test('gives the report as JSON as well', async () => {
    const { out } = await sweepOverCutWire(server, '--json');
    const { outcome, results, fault } = JSON.parse(out) as Report;
    expect({ outcome, results, code: fault?.code }).toEqual({
      ...{
        outcome: 'fault',
        results: isTogether ? { unverified: 3 } : { unverified: 1, skipped: 2 },
        code: 'connect.lost',
      },
    });
  });
});

async function sweepOverCutWire(server: ProvidedServer, ...more: string[]): Promise<CliRun> {
  const letOthersSweep = await sweepAlone(server);
  const shop = await openShop(server);
  const folder = mkdtempSync(join(tmpdir(), 'unleak-cut-'));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true, force: true });
    await shop.close();
    await letOthersSweep();
  });
  const policy = join(folder, 'policy.yaml');
  writeFileSync(policy, policyFor(shop.appUser));
  const relay = await openRelay(server);
  relay.onRequest((bytes) => {
    if (ending.test(bytes.toString('latin1'))) relay.cut();
  });
  const url = new URL(shop.url);
  url.port = String(relay.port);
  url.searchParams.set('sslmode', 'disable');
  return runCli(['sweep', '--url', url.href, '--policy', policy, '--enforce', '--yes', ...more]);
}
