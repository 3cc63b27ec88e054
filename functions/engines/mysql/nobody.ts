/**
 * A number that no thread and no query ever has. NULL would do for neither: it reads as 0, and on MariaDB every connection
 * that has not yet run anything has the query number 0.
 */
export const nobody = '9223372036854775807';
