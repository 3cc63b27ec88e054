import { expect } from 'vitest';

/**
 * The result of a session that was used before its turn: `changed`, or `late` where the machine was too busy to be sure of anything.
 * Either way it was left alone.
 */
export const leftAlone: unknown = expect.stringMatching(/^(?:changed|late)$/);
