import type { Program } from '../program.ts';
import type { Episode } from './episode.ts';
import type { Growth } from './growth.ts';

/** What grew and is remembered: a program, or the server as a whole; with what was last said of it. */
export interface Growing extends Episode {
  /** Null: all slots taken on the server. */
  readonly program: Program | null;
  readonly forecast: Growth;
}
