import { setTimeout as wait } from 'node:timers/promises';

/** Waits for a condition of the real world, looking ten times a second, for at most so many seconds. */
export async function until(isTrue: () => Promise<boolean>, what: string, seconds = 40): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; Date.now() < end;) {
    if (await isTrue()) return;
    await wait(100);
  }
  throw new Error(`in ${seconds} seconds this did not happen: ${what}`);
}
