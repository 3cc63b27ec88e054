import { inspect } from 'node:util';
import { expect } from 'vitest';
import { Fault } from '../../functions/core/model/fault.ts';

/** The fault with which the work fails; anything else fails the test. */
export async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const end = await work.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
  if (end instanceof Fault) return end;
  throw new Error(`expected a fault, but got ${inspect(end)}`);
}

/** Everything that any log, console or debugger could show of an error: messages, stacks, causes and hidden keys. */
export function everythingOf(error: unknown): string {
  return inspect(error, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null });
}

/** Fails if a marker shows up anywhere in the error. */
export function expectNoTrace(error: unknown, marker: string): void {
  expect(everythingOf(error)).not.toContain(marker);
}
