import type { Deadline } from '../../functions/flow/deadline.ts';

/** No end but Ctrl-C: for looking and checking, where somebody sits and waits. Single waits keep their own limits. */
export function createOpenDeadline(interrupted: AbortSignal): Deadline {
  return {
    work: interrupted,
    notify: interrupted,
    mayAct: () => false,
    workLeftMs: () => Number.MAX_SAFE_INTEGER,
    notifyLeftMs: () => Number.MAX_SAFE_INTEGER,
    end: () => undefined,
  };
}
