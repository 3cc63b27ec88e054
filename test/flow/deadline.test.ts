import { describe, expect, onTestFinished, test } from 'vitest';
import { createDeadline, type Deadline } from '../../functions/flow/deadline.ts';

/** A deadline whose clock stands until it is moved. */
function build(remainingMs: number): { readonly deadline: Deadline; readonly moveTo: (ms: number) => void } {
  let ms = 0;
  const deadline = createDeadline(remainingMs, () => 1_000_000 + ms);
  onTestFinished(() => deadline.end());
  return { deadline, moveTo: (to) => (ms = to) };
}

describe('the time of a sweep', () => {
  test.each([
    // remaining, the last moment to act, the end of work, the end of telling
    [60_000, 39_500, 47_500, 59_500],
    [300_000, 279_500, 287_500, 299_500],
    [10_000, 5_800, 7_300, 9_800],
    [1_000, 580, 730, 980],
  ])('of %i ms: act until %i, work until %i, tell until %i', (remaining, actBy, workBy, tellBy) => {
    const { deadline, moveTo } = build(remaining);
    moveTo(actBy - 1);
    expect(deadline.mayAct()).toBe(true);
    moveTo(actBy);
    expect(deadline.mayAct()).toBe(false);
    expect(deadline.workLeftMs()).toBeCloseTo(workBy - actBy);
    moveTo(workBy);
    expect(deadline.workLeftMs()).toBe(0);
    expect(deadline.notifyLeftMs()).toBeCloseTo(tellBy - workBy);
    moveTo(remaining);
    expect([deadline.workLeftMs(), deadline.notifyLeftMs()]).toEqual([0, 0]);
  });

  test.each([0, -5_000])('of %i ms is over at once', async (remaining) => {
    const { deadline } = build(remaining);
    expect(deadline.mayAct()).toBe(false);
    expect([deadline.workLeftMs(), deadline.notifyLeftMs()]).toEqual([0, 0]);
    await aborted(deadline.notify);
    expect(deadline.work.aborted).toBe(true);
  });

  test('ends work first, and telling after it', async () => {
    const { deadline } = build(200);
    expect([deadline.work.aborted, deadline.notify.aborted]).toEqual([false, false]);
    await aborted(deadline.work);
    expect(deadline.notify.aborted).toBe(false);
    await aborted(deadline.notify);
  });
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}
