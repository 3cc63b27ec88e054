/**
 * A number that no thread and no query ever has. NULL would do for neither: it reads as 0, and on MariaDB every connection
 * that has not yet run anything has the query number 0.
 */
export const nobody = '9223372036854775807';

/** SQL: the number, or nobody's once the clock is more than so many microseconds past the look. */
export function inTime(number: string, lookedAt: string, micros: string): string {
  return `IF(TIMESTAMPDIFF(MICROSECOND, ${lookedAt}, SYSDATE(6)) BETWEEN 0 AND ${micros}, ${number}, ${nobody})`;
}
