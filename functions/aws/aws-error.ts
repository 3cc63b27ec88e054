/** What went wrong with an AWS call, as far as every service tells it alike; `exhausted` is our own process. */
export type AwsTrouble = 'denied' | 'missing' | 'throttled' | 'unreachable' | 'exhausted' | 'other';

const troubles: Readonly<Record<string, AwsTrouble>> = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AuthorizationError: 'denied',
  AuthorizationErrorException: 'denied',
  CredentialsProviderError: 'denied',
  ExpiredToken: 'denied',
  ExpiredTokenException: 'denied',
  InvalidAccessKeyId: 'denied',
  InvalidClientTokenId: 'denied',
  InvalidSignatureException: 'denied',
  SignatureDoesNotMatch: 'denied',
  UnrecognizedClientException: 'denied',
  KMSAccessDenied: 'denied',
  KMSAccessDeniedException: 'denied',
  KMSDisabled: 'denied',
  KMSDisabledException: 'denied',
  KMSInvalidState: 'denied',
  KMSInvalidStateException: 'denied',
  KMSNotFound: 'denied',
  KMSNotFoundException: 'denied',
  ResourceNotFoundException: 'missing',
  NotFound: 'missing',
  NotFoundException: 'missing',
  NoSuchBucket: 'missing',
  KMSThrottling: 'throttled',
  KMSThrottlingException: 'throttled',
  RequestLimitExceeded: 'throttled',
  RequestThrottled: 'throttled',
  RequestThrottledException: 'throttled',
  SlowDown: 'throttled',
  Throttled: 'throttled',
  ThrottledException: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  AbortError: 'unreachable',
  NetworkingError: 'unreachable',
  TimeoutError: 'unreachable',
};

/** For names we do not know: services add new ones, and the status says what to do about them. */
const statuses: Readonly<Record<number, AwsTrouble>> = { 403: 'denied', 404: 'missing', 429: 'throttled' };

/** Our own process may open nothing more, or has no memory left. */
const processCodes: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS']);

const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Sorts an SDK error by its name, by Node's code or by the HTTP status, never by its wording. */
export function toAwsTrouble(error: unknown): AwsTrouble {
  if (!(error instanceof Error)) return 'other';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (processCodes.has(code)) return 'exhausted';
  if (networkCodes.has(code)) return 'unreachable';
  const named = Object.hasOwn(troubles, error.name) ? troubles[error.name] : undefined;
  return named ?? statuses[statusOf(error)] ?? 'other';
}

function statusOf(error: Error): number {
  const metadata = '$metadata' in error ? error.$metadata : null;
  const isKnown = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
  return isKnown ? Number(metadata.httpStatusCode) : 0;
}

/** The name of an SDK error, fit to publish. */
export function awsErrorName(error: unknown): string {
  return error instanceof Error && /^[\w.]{1,80}$/.test(error.name) ? error.name : 'an unknown error';
}
