/**
 * Every public finding code: the anchor of its heading in docs/findings.md, in the order of that page. A finding without its code
 * here does not compile; a code without its heading fails test/docs/findings.test.ts.
 */
export const findingCodes = [
  'waiting',
  'foreign-lock',
  'hung-sweep',
  'sweep-running',
  'lost-locks',
  'growing-program',
  'near-capacity',
  'near-limit',
  'connection-hog',
  'recycled-connections',
  'ended-pool',
  'conflicting-rules',
  'asgi-persistent-connections',
  'open-transactions',
  'celery-connections',
  'unclosed-connections',
  'idle-sessions',
  'silent-clients',
  'missing-transaction-timeout',
  'missing-long-transaction-timeout',
  'missing-idle-timeout',
  'superuser-sessions',
  'short-timeout',
  'dropped-user',
  'spared-in-doubt',
  'unnamed-sessions',
  'untraced-sessions',
] as const;

export type FindingCode = (typeof findingCodes)[number];
