/* eslint-disable no-restricted-globals -- computes with given times, reads no clock */

/** Milliseconds between two ISO 8601 instants; NaN where one cannot be read. */
export function elapsedMs(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

/** A given ISO 8601 instant and some milliseconds. */
export function laterBy(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}

/** Epoch milliseconds as an ISO 8601 instant in UTC. */
export function toInstant(atMs: number): string {
  return new Date(atMs).toISOString();
}
