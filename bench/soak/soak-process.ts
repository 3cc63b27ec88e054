import type { Context } from 'aws-lambda';
import { readdirSync } from 'node:fs';
import { handler } from '../../functions/sweep.ts';

/* A warm function: one process that sweeps again and again, and tells what it holds. */

/** What the process is to do. */
export interface Order {
  readonly event: unknown;
  /** What the deployment would tell the function. */
  readonly installed: unknown;
  readonly sweeps: number;
  readonly everySweeps: number;
}

/** What the process holds after so many sweeps: its resident memory now and at most, its heap, and its open files and sockets. */
export interface Sample {
  readonly sweeps: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly residentMb: number;
  readonly mostResidentMb: number;
  readonly heapMb: number;
  readonly descriptors: number;
}

process.on('message', (order: Order) => {
  void soak(order).then(() => process.disconnect());
});

async function soak({ event, installed, sweeps, everySweeps }: Order): Promise<void> {
  const outcomes: Record<string, number> = {};
  for (let sweep = 1; sweep <= sweeps; sweep += 1) {
    const end = Date.now() + 60_000;
    const context = { getRemainingTimeInMillis: () => end - Date.now() } as Context;
    const outcome = await handler(event, context, installed).catch((error: unknown) =>
      String((error as { code?: string }).code),
    );
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (sweep % everySweeps === 0) process.send?.(sampleOf(sweep, outcomes));
  }
}

function sampleOf(sweeps: number, outcomes: Readonly<Record<string, number>>): Sample {
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const toMb = (bytes: number) => Math.round(bytes / 2 ** 20);
  return {
    ...{ sweeps, outcomes: { ...outcomes }, residentMb: toMb(rss), heapMb: toMb(heapUsed) },
    mostResidentMb: toMb(process.resourceUsage().maxRSS * 1_024),
    descriptors: process.platform === 'linux' ? readdirSync('/proc/self/fd').length : NaN,
  };
}
