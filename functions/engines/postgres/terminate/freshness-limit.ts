/** SQL: how many sessions the server shows, its own processes included; counting them copies its table of activity once. */
export const countOfSessionsSql = 'select pg_catalog.count(*) from pg_catalog.pg_stat_get_activity(null)';

/**
 * Of a session's idle time, so much may pass between the fresh view and the signal: 100 µs at 2 s, the time at which 10,000 ends were
 * judged. One that has been idle for t wakes up within the next w with a chance of some w / t, whatever t is, so that the
 * risk of an end is one in 20,000 at most wherever this share decides (decision 78).
 */
const shareOfIdleTime = 5e-5;
/** However long it has been idle: programs that work once a day wake up at their hour. */
const longestUs = 50_000;

/**
 * SQL: for how long a fresh view is believed, in microseconds. At least some four times what both checks take on a quiet 2-core
 * machine (18 beside 20 sessions, 31 beside 400, 71 beside 1,500). A server process that was taken off the processor in between finds that
 * it is late.
 */
export function freshForUs(sessions: string, stateChange: string): string {
  const idleUs = `extract(epoch from pg_catalog.clock_timestamp() - ${stateChange})::float8 * 1e6`;
  return `greatest(100 + ${sessions} / 8.0, least(${idleUs} * ${shareOfIdleTime}, ${longestUs}))`;
}
