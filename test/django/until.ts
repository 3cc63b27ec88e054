import { setTimeout as wait } from 'node:timers/promises';

/** Waits for a condition of the real world, looking ten times a second, for at most 40 seconds. */
export async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + 40_000; Date.now() < end;) {
    if (await isTrue()) return;
    await wait(100);
  }
  throw new Error(`in 40 seconds this did not happen: ${what}`);
}
