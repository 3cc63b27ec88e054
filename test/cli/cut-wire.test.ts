import { describe, expect, inject, test } from 'vitest';
import type { Report } from '../../functions/core/model/report.ts';
import type { ProvidedServer } from '../servers/global-setup.ts';
import { openRelayedShop } from './relayed-shop.ts';
import { type CliRun, runCli } from './run-cli.ts';

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

describe.for(inject('servers'))('$name: a wire that breaks while somebody is asked', (server) => {
  test('ends in a fault that says that nothing was sent, and nothing is called unverified', async () => {
    const { relay, args, shop } = await openRelayedShop(server);
    const { code, out, err } = await runCli(
      args.filter((argument) => argument !== '--yes'),
      { answers: ['yes'], whenAsked: () => relay.cut() },
    );
    expect(code).toBe(3);
    expect(err).toMatch(/connect\.lost.*nothing was sent that ends a session/);
    expect(out).not.toContain('unverified');
    expect(await shop.count()).toBe(3);
  });
});

async function sweepOverCutWire(server: ProvidedServer, ...more: string[]): Promise<CliRun> {
  const { relay, args } = await openRelayedShop(server);
  relay.onRequest((bytes) => {
    if (ending.test(bytes.toString('latin1'))) relay.cut();
  });
  return runCli([...args, ...more]);
}
