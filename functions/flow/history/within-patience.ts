import { Fault } from '../../core/model/fault.ts';

/** What a store answers before the signal aborts; a Publish fault where it is too slow, since not every store stops when it is told to. */
export async function withinPatience<T>(work: Promise<T>, where: string, signal: AbortSignal): Promise<T> {
  let leave: () => void = () => undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    leave = () => reject(tooSlow(where));
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

function tooSlow(where: string): Fault {
  return new Fault({
    code: 'publish.history',
    step: 'record',
    message: `The history in ${where} did not answer in time. The same news may be sent twice.`,
  });
}
