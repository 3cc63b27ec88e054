import type { Variant } from '../connection/server.ts';

/**
 * How often a busy server is asked to end the same session before it is left to the next sweep. On MariaDB each turn asks by KILL
 * QUERY ID, which breaks a statement that is beginning at that very moment (13 in 10,000 ends with up to 40 turns, measured).
 */
export const mostTurns: Readonly<Record<Variant, number>> = { mysql: 40, mariadb: 8 };
