import type { Attempt } from '../../functions/core/model/attempt.ts';
import type { Snapshot } from '../../functions/core/model/snapshot.ts';
import type { EndRequest, Engine } from '../../functions/engines/engine.ts';
import type { Deps } from '../../functions/flow/deps.ts';
import { loadEngine } from '../../functions/flow/load-engine.ts';

/** The methods of a real control connection that tests do something around. */
export interface RealControl {
  readonly snapshot: () => Promise<Snapshot>;
  readonly end: (batch: readonly EndRequest[]) => Promise<readonly Attempt[]>;
}

/** The real engine, with methods of its control connection replaced by ones that do something before or after the real one. */
export function wrapEngine(
  change: (control: RealControl) => Partial<RealControl>,
  own: Partial<Engine> = {},
): Pick<Deps, 'loadEngine'> {
  return {
    loadEngine: async (name) => {
      const engine = await loadEngine(name);
      return {
        ...engine,
        connect: async (login, limits, signal) => {
          const control = await engine.connect(login, limits, signal);
          const real = {
            snapshot: () => control.snapshot(),
            end: (batch: readonly EndRequest[]) => control.end(batch),
          };
          return { ...control, ...change(real) };
        },
        ...own,
      };
    },
  };
}

/** Work that is done before the n-th call of a method, counted from 1. */
export function beforeCall<A extends unknown[], R>(
  nth: number,
  work: () => Promise<unknown>,
  method: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  let calls = 0;
  return async (...args) => {
    calls += 1;
    if (calls === nth) await work();
    return method(...args);
  };
}

/** Work that is done after the first call of a method has its answer. */
export function afterFirstCall<A extends unknown[], R>(
  work: (answer: R) => Promise<unknown>,
  method: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  let isDone = false;
  return async (...args) => {
    const answer = await method(...args);
    if (!isDone) await work(answer);
    isDone = true;
    return answer;
  };
}
