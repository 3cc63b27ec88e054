/**
 * List prices of us-east-1 in US dollars, without free tiers. They change a few times in a decade: `asOf` says when they were
 * last compared with the price pages of AWS.
 */
export const prices = {
  asOf: '2026-06',
  secretMonth: 0.4,
  secretRead: 0.05 / 10_000,
  metricMonth: 0.3,
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  keyMonth: 1,
  keyRequest: 0.03 / 10_000,
  logByte: 0.5 / 1e9,
  lambdaGigabyteSecond: 0.000_013_333_4, // arm64
  lambdaRequest: 0.2 / 1e6,
  schedulerInvocation: 1 / 1e6,
  s3Read: 0.4 / 1e6,
  s3Write: 5 / 1e6,
  trace: 5 / 1e6,
  endpointHour: 0.01, // an interface endpoint in one zone
} as const;

/** Hours of a month, as AWS counts one. */
export const monthHours = 730;
