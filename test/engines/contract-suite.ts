import { afterAll, beforeAll, describe } from 'vitest';
import type { Adapter } from './contract/adapter.ts';
import { describeConnecting } from './contract/connecting.ts';
import { describeEnding } from './contract/ending.ts';
import { describeJudging } from './contract/judging.ts';
import { describeLocking } from './contract/locking.ts';
import { describeLooking } from './contract/looking.ts';
import { describeWaiting } from './contract/waiting.ts';

export type { Adapter, Granted, TestSession } from './contract/adapter.ts';

/** What every engine promises, on a real server. */
export function describeEngine(adapter: Adapter): void {
  describe(`the engine on ${adapter.server.name}`, () => {
    beforeAll(() => adapter.setUp());
    afterAll(() => adapter.tearDown());
    describeConnecting(adapter);
    describeLocking(adapter);
    describeLooking(adapter);
    describeWaiting(adapter);
    describeJudging(adapter);
    describeEnding(adapter);
  });
}
