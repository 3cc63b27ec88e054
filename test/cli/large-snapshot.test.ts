import { expect, it } from 'vitest';
import { makeFolder } from './folder.ts';
import { runCli } from './run-cli.ts';

/** As saved: every key is there. */
function toSnapshotOf(sessions: number): object {
  return {
    ...{ schema: 'unleak.snapshot/1', engine: 'postgres', takenAt: '2026-01-01T00:00:00Z' },
    capacity: { maxConnections: 200_000, reserved: 3, used: sessions },
    sessions: Array.from({ length: sessions }, (_, index) => ({
      ...{ id: String(1_000 + index), identity: { connection: `c${index}` }, kind: 'client' },
      ...{ user: `user${index % 50}`, application: `app${index % 200}`, client: `10.0.0.${index % 250}` },
      ...{ database: 'orders', state: 'idle', stateMs: (index * 7_919) % 7_200_000, statement: 'SELECT ?' },
      ...{ openMs: 8_000_000, transactionMs: 0, superuser: false, advisoryLock: false, blocks: [] },
    })),
  };
}

/** Processor time, so that a busy machine does not matter. */
async function measureMs(sessions: number): Promise<number> {
  const path = makeFolder({ 'now.json': toSnapshotOf(sessions) });
  const before = process.cpuUsage();
  const { code } = await runCli(['simulate', '--policy', 'unleak.yaml#web', '--snapshot', path('now.json')]);
  const { user, system } = process.cpuUsage(before);
  expect(code).toBe(0);
  return (user + system) / 1_000;
}

it('simulates 100,000 sessions in seconds of processor time, and four times as many take far less than sixteen times as long', async () => {
  await measureMs(5_000); // compiles what is compiled once
  const small = await measureMs(25_000);
  const large = await measureMs(100_000);
  expect(large).toBeLessThan(20_000);
  expect(large / small).toBeLessThan(12);
});
