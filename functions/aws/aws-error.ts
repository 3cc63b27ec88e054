/** What went wrong with an AWS call, as far as every service tells it alike. */
export type AwsTrouble = 'denied' | 'missing' | 'throttled' | 'unreachable' | 'other';

const troubles: Readonly<Record<string, AwsTrouble>> = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AuthorizationError: 'denied',
  AuthorizationErrorException: 'denied',
  KMSAccessDenied: 'denied',
  KMSAccessDeniedException: 'denied',
  UnrecognizedClientException: 'denied',
  InvalidClientTokenId: 'denied',
  ExpiredTokenException: 'denied',
  CredentialsProviderError: 'denied',
  ResourceNotFoundException: 'missing',
  NotFound: 'missing',
  NotFoundException: 'missing',
  NoSuchBucket: 'missing',
  Throttled: 'throttled',
  Throttling: 'throttled',
  ThrottledException: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  SlowDown: 'throttled',
  TimeoutError: 'unreachable',
  AbortError: 'unreachable',
  NetworkingError: 'unreachable',
};

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

/** Sorts an SDK error by its name or by Node's code, never by its wording. */
export function toAwsTrouble(error: unknown): AwsTrouble {
  if (!(error instanceof Error)) return 'other';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (networkCodes.has(code)) return 'unreachable';
  return troubles[error.name] ?? 'other';
}

/** The name of an SDK error, fit to publish. */
export function awsErrorName(error: unknown): string {
  return error instanceof Error && /^[\w.]{1,80}$/.test(error.name) ? error.name : 'an unknown error';
}
