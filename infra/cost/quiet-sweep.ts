/**
 * What one quiet sweep uses. The bytes and calls are what `test/infra/bundle.test.ts` counts of the real function; the time is what
 * AWS adds to the 0.2 s measured on loopback: two round trips to a database, TLS, and three calls to AWS.
 */
export const quietSweep = {
  seconds: 0.5,
  gigabytes: 0.5,
  logBytes: 1_000,
  secretReads: 1,
  reads: 1,
  writes: 1.1, // its history, and a whole snapshot once an hour
} as const;

/** What one run of the watch uses, while nothing is missing. */
export const quietWatch = { seconds: 0.5, gigabytes: 0.25, logBytes: 0, reads: 1, writes: 2 } as const;
