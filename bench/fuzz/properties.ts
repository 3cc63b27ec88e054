import fc from 'fast-check';
import { readConfiguration } from '../../functions/contract/read-configuration.ts';
import type { Target } from '../../functions/contract/target.ts';
import { Fault } from '../../functions/core/model/fault.ts';
import { parseSweepEvent } from '../../functions/flow/parse-sweep-event.ts';
import { toLogin } from '../../functions/flow/to-login.ts';
import { configurations, events, secrets } from './inputs.ts';

/** No input may keep a parser for longer: a hang is a failure. */
const mostMs = 2_000;

const { target } = parseSweepEvent({
  version: 1,
  target: { name: 'orders', engine: 'postgres', secret: 'prod/orders' },
  policy: { rules: [{ name: 'leak', state: 'idle', for: '10m' }] },
});

/** What holds for every input, by name. */
export const fuzzed: Readonly<Record<string, (runs: number) => void>> = {
  'an event is read, or is a Config fault': (runs) =>
    check(runs, events, (input) => isFaultOf('Config', () => parseSweepEvent(input))),
  'a secret is read, or is a Credentials fault': (runs) =>
    check(runs, secrets, (text) => isFaultOf('Credentials', () => toLogin(target satisfies Target, text))),
  'a configuration is read, or its mistakes are placed': (runs) =>
    check(runs, configurations, (text) => {
      const read = readConfiguration(text);
      return (
        read.ok ||
        (read.problems.length > 0 && read.problems.every(({ line, column }) => line > 0 && column > 0))
      );
    }),
};

function check<T>(numRuns: number, inputs: fc.Arbitrary<T>, holds: (input: T) => boolean): void {
  fc.assert(
    fc.property(inputs, (input) => {
      const start = performance.now();
      return holds(input) && performance.now() - start < mostMs;
    }),
    { numRuns },
  );
}

function isFaultOf(kind: Fault['kind'], read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof Fault && error.kind === kind) return true;
    throw error;
  }
}
