import type { Session } from '../model/session.ts';
import { usableSlots } from '../model/snapshot.ts';
import { isEnded, type Observation } from './observation.ts';
import { type Program, programKey, programOf } from './program.ts';

/** Sessions that have rested for longer count as idle here: what a leak leaves behind, and honest load does not. */
export const idleFromMs = 30 * 60_000;
/** Points are kept for so long, in milliseconds. */
export const pointsForMs = 48 * 3_600_000;
/** So many programs of a point are kept, the largest first. */
export const mostPrograms = 10;

/** One program at one sweep. */
export interface ProgramCount extends Program {
  /** Its client sessions. */
  readonly total: number;
  /** Those that had been idle, without a transaction, for over 30 minutes. */
  readonly idle: number;
}

/** What one sweep saw of the server, before it ended anything. */
export interface Point {
  /** Epoch milliseconds in whole seconds, by unleak's own clock. */
  readonly atMs: number;
  /** The beginning of the sweep's id: a sweep counts once, however often it is written. */
  readonly sweep: string;
  /** Slots taken. */
  readonly used: number;
  /** Slots that ordinary logins can use. */
  readonly max: number;
  /** Client sessions by state. */
  readonly states: Readonly<Record<string, number>>;
  /** Sessions and statements that this sweep ended. */
  readonly ended: number;
  /** Sessions that a dry run would have ended. */
  readonly wouldEnd: number;
  /** Whether the server had been restarted, or was another one, since the point before. */
  readonly isNewServer: boolean;
  /** The largest programs, at most ten. */
  readonly programs: readonly ProgramCount[];
}

/** The point of a sweep; `isNewServer` is known from the history before it. */
export function toPoint(sweep: Observation, isNewServer: boolean): Point {
  const { before, chosen, outcomes, mode } = sweep;
  const clients = before.sessions.filter(({ kind }) => kind === 'client');
  return {
    atMs: Math.floor(sweep.atMs / 1_000) * 1_000,
    sweep: sweep.sweepId.slice(0, 8),
    used: before.capacity.used,
    max: usableSlots(before.capacity),
    states: countStates(clients),
    ended: outcomes.filter(isEnded).length,
    wouldEnd: mode === 'dry-run' ? chosen.length : 0,
    isNewServer,
    programs: countPrograms(clients),
  };
}

function countStates(clients: readonly Session[]): Record<string, number> {
  const states: Record<string, number> = {};
  for (const { state } of clients) states[state ?? 'unknown'] = (states[state ?? 'unknown'] ?? 0) + 1;
  return states;
}

function countPrograms(clients: readonly Session[]): readonly ProgramCount[] {
  const counts = new Map<string, ProgramCount>();
  for (const session of clients) {
    const program = programOf(session);
    const key = programKey(program);
    const { total, idle } = counts.get(key) ?? { total: 0, idle: 0 };
    counts.set(key, { ...program, total: total + 1, idle: idle + Number(isResting(session)) });
  }
  return [...counts.values()].sort(bySize).slice(0, mostPrograms);
}

function isResting({ state, stateMs }: Session): boolean {
  return state === 'idle' && (stateMs ?? 0) > idleFromMs;
}

/** The largest first; of equal ones the order does not depend on the server's. */
function bySize(a: ProgramCount, b: ProgramCount): number {
  return b.total - a.total || b.idle - a.idle || (programKey(a) < programKey(b) ? -1 : 1);
}
