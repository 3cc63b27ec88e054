import { setTimeout as wait } from 'node:timers/promises';
import { expect, inject, onTestFinished, test } from 'vitest';
import { openEstate } from '../../bench/chaos/estate.ts';
import { startFleet } from '../../bench/chaos/fleet.ts';
import { killsIn } from '../../bench/chaos/judge.ts';
import { createUnleak } from '../../bench/chaos/killers/unleak.ts';

/* Applications at work, some of which leak again and again, judge each of their ends: `npm run chaos` in small.
 * There pauses lie around the threshold, where an end can meet a session that wakes up in the same instant, and where
 * docs/safety.md counts how often. Here a pause is either a twentieth of the threshold or has no end, so that a wrong end
 * is a defect: for a mere race a session that is to pause for 100 ms would have to stall for two seconds, and wake up within
 * the microseconds between check and signal. Bounded by a number of ends, not by a time. */

const kinds = [...new Set(inject('servers').map(({ kind }) => kind))];
const ends = 40;
const thresholdMs = 2_000;

test.for(kinds)('%s: of dozens of ends under load none is early and none is lost', async (kind) => {
  const { server, shop, unleak } = await openEstate(kind, 24);
  onTestFinished(() => server.stop());
  const fleet = startFleet({ kind, login: shop, sessions: 24, thresholdMs, spreadMs: 0, leakShare: 0.2 });
  onTestFinished(() => fleet.stop());
  const stop = new AbortController();
  const hunting = createUnleak(kind)({
    ...{ login: unleak, thresholdMs, signal: stop.signal },
    begin: () => undefined,
  });
  hunting.catch(() => stop.abort());
  let tally = await fleet.tally();
  while (killsIn(tally) < ends && !stop.signal.aborted) {
    await wait(100);
    tally = await fleet.tally();
  }
  stop.abort();
  const claim = await hunting;
  // What was ended last is still on its way to its judge.
  const judged = async () => killsIn((tally = await fleet.tally()));
  await expect.poll(judged, { timeout: 30_000 }).toBeGreaterThanOrEqual(claim.ended ?? Infinity);
  expect(tally.wrong).toEqual([]);
  expect(tally.judgements).toMatchObject({ early: 0, lost: 0 });
  expect(killsIn(tally)).toBeGreaterThanOrEqual(ends);
  expect(tally.transactions).toBeGreaterThan(ends);
});
