import type { Variant } from '../connection/server.ts';

/** Whether the process list's STATE says that a session waits for a lock that is none of InnoDB's rows: on metadata, on a whole table, of GET_LOCK. */
export function isLockState(state: string | null): boolean {
  return (
    state !== null && /^(?:User lock$|Waiting for (?:table flush$|(?!query cache).*\block$))/i.test(state)
  );
}

/**
 * Whether it says that the server waits for the client to take the result or to send more. MySQL says `executing` while nobody
 * takes a result (measured on 9.7) as while it works, so that this is null: unknown.
 */
export function isClientState(state: string | null, variant: Variant): boolean | null {
  if (state === null || (variant === 'mysql' && state === 'executing'))
    return variant === 'mysql' ? null : false;
  return /^(?:Reading from net|Writing to net|Sending to client|Receiving from client)$/i.test(state);
}
