import type { Duplex } from 'node:stream';
import { AnswerRefused } from './answer-limit.ts';

/** What stands between a connection and its driver. */
export interface StreamGuard {
  /** The stream that the driver listens to now: with TLS it is another one from some moment on. */
  current(): Duplex;
  /** Begins with a stream: what the driver may read of each piece, null for nothing yet; throws AnswerRefused. */
  open(stream: Duplex): (bytes: Buffer) => Buffer | null;
}

/**
 * Stands between a connection's stream and its driver. Whatever the guard or the driver throws at a server's bytes destroys
 * the stream with an AnswerRefused: an error thrown while a socket is read would otherwise end the whole process.
 */
export function guardStream(guard: StreamGuard): void {
  const stream = guard.current();
  const readers = stream.rawListeners('data') as ((bytes: Buffer) => void)[];
  const accept = guard.open(stream);
  let isRefused = false;
  stream.removeAllListeners('data');
  stream.on('data', (bytes: Buffer) => {
    if (isRefused) return;
    try {
      const readable = accept(bytes);
      if (readable !== null) for (const read of readers) read.call(stream, readable);
    } catch (error) {
      isRefused = true;
      stream.destroy(error instanceof AnswerRefused ? error : unreadable(error));
      return;
    }
    if (guard.current() !== stream) guardStream(guard);
  });
}

/** What the driver says of it may quote the server, so only its name is kept. */
function unreadable(error: unknown): AnswerRefused {
  const name = error instanceof Error && /^\w{1,40}$/.test(error.name) ? error.name : 'error';
  return new AnswerRefused('malformed', `the driver could not read it: ${name}`);
}
