import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openRelay } from '../engines/contract/relay.ts';
import type { ProvidedServer } from '../servers/global-setup.ts';
import { sweepAlone } from '../servers/sweep-alone.ts';
import { openShop, policyFor } from './shop.ts';

/** A shop with leaked sessions behind a relay that sees what is asked of its server, and the arguments of an enforced sweep over it. */
export async function openRelayedShop(server: ProvidedServer) {
  const letOthersSweep = await sweepAlone(server);
  const shop = await openShop(server);
  const folder = mkdtempSync(join(tmpdir(), 'unleak-relayed-'));
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
  return { shop, relay, args: ['sweep', '--url', url.href, '--policy', policy, '--enforce', '--yes'] };
}
