import type { FaultCode } from '../contract/fault-codes.ts';
import { Fault } from '../core/model/fault.ts';

type Cause = readonly [code: FaultCode, says: string];

/** The kind of trouble that is our own process's. */
const exhausted: Cause = [
  'connect.process_limit',
  'this process may open no more files or sockets, or has no memory left: it is ours that is exhausted, not the database',
];

/** Node's error codes to what they mean for a person; wording is never looked at. */
const causes: Readonly<Record<string, Cause>> = {
  EMFILE: exhausted,
  ENFILE: exhausted,
  ENOMEM: exhausted,
  ENOBUFS: exhausted,
  ENOTFOUND: ['connect.unknown_host', 'the name does not resolve'],
  EAI_AGAIN: ['connect.unknown_host', 'the name could not be resolved now'],
  ECONNREFUSED: ['connect.refused', 'nothing listens there, or a firewall refuses'],
  EHOSTUNREACH: ['connect.unreachable', 'there is no route to it'],
  ENETUNREACH: ['connect.unreachable', 'there is no route to it'],
  ETIMEDOUT: ['connect.timeout', 'it did not answer in time; a security group may drop the packets'],
  ECONNRESET: ['connect.lost', 'the connection was cut'],
  EPIPE: ['connect.lost', 'the connection was cut'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['connect.certificate_host', 'its certificate is for another name'],
  CERT_HAS_EXPIRED: ['connect.certificate_expired', 'its certificate has expired'],
  CERT_NOT_YET_VALID: ['connect.certificate_expired', 'its certificate is not valid yet'],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'connect.certificate_authority',
    'its certificate is of an authority not trusted here',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['connect.certificate_authority', 'its certificate is self-signed'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'connect.certificate_authority',
    'its certificate is of an authority not trusted here',
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'connect.certificate_authority',
    'its certificate is of an authority not trusted here',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'connect.certificate_authority',
    'its certificate is of an authority not trusted here',
  ],
};

/** A Connect fault for what the network or TLS did, by Node's error code; null when the error has none of those. */
export function toNetworkFault(error: unknown, host: string, port: number): Fault | null {
  const own = errorCode(error);
  // A server may send any code, `constructor` too.
  const cause = Object.hasOwn(causes, own) ? causes[own] : undefined;
  if (!cause) return null;
  const [code, says] = cause;
  return new Fault({
    code,
    step: 'connect',
    message: `Could not reach the database at ${host}:${port}: ${says}.`,
    cause: error,
  });
}

/** The `code` of an error, or the empty string. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
