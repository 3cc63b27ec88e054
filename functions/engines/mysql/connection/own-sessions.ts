/** The name by which unleak's connections know each other; anybody may call his program so. */
export const ownProgram = 'unleak';

/**
 * The schema that a sweep makes its own current one for as long as it holds the lock. Every login may use it, the list of
 * sessions shows it at once to all sessions of the same login, and nobody else can make a session of our login show it.
 */
export const sweepMark = 'information_schema';

/** A session as far as it takes to know a control connection. */
interface Known {
  readonly user: string | null;
  readonly database: string;
}

/** Whether a session is a control connection of ours: by our own login, and by its name or, where the server keeps none, a sweep's mark. */
export function isControlConnection(
  { user, database }: Known,
  ownUser: string | null,
  program: string | undefined,
): boolean {
  if (user === null || user !== ownUser) return false;
  return program === undefined ? database === sweepMark : program === ownProgram;
}
