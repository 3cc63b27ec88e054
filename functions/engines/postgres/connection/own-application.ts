/** The application name by which unleak's connections know, and never touch, each other; anybody may call himself so. */
export const ownApplication = 'unleak';

/** SQL: whether a row of activity is a control connection of ours: by its name and by our own login, given as SQL too. */
export function isControlConnection(row: string, ownUser: string): string {
  return `(${row}.application_name = '${ownApplication}' and ${row}.usesysid = ${ownUser})`;
}
