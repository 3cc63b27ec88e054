import type { Session } from './session.ts';

/** Longest in its state first; equal times by age, so that the order in which the server lists sessions never matters. */
export function byTimeInState(a: Session, b: Session): number {
  return (b.stateMs ?? 0) - (a.stateMs ?? 0) || byAge(a, b);
}

/** By number: decimal text without leading zeros, so the shorter is the smaller, exact for numbers of any size. */
function byId(a: Session, b: Session): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Longest connected first, then by number: process ids begin anew at their largest, so alone they are no order in time. */
export function byAge(a: Session, b: Session): number {
  return (b.openMs ?? 0) - (a.openMs ?? 0) || byId(a, b);
}
