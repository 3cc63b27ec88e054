import { TLSSocket } from 'node:tls';
import { Fault, type Step } from '../../../core/model/fault.ts';
import { AnswerRefused, toAnswerFault, toShapeFault } from '../../answer-limit.ts';
import type { Login } from '../../engine.ts';
import { errorCode, toNetworkFault } from '../../network-fault.ts';
import { ofStep } from '../../server-trouble.ts';
import { adminPort, lost, type Meaning, errorCodes, tooSlow } from './error-codes.ts';
import { NotAsAsked } from './shapes.ts';
import { WaitEnded } from './wire.ts';

/** The number of a server's error; null for errors of the driver, the network or our own. */
export function errnoOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errno' in error)) return null;
  return typeof error.errno === 'number' && error.errno > 0 ? error.errno : null;
}

/** Why TLS failed, by Node's code: the driver overwrites it, but the socket remembers; empty when it was not the certificate. */
export function tlsCodeOf(connection: object): string {
  const stream = 'stream' in connection ? connection.stream : null;
  // Typed as an Error, but Node keeps the code there.
  const refusal: unknown = stream instanceof TLSSocket ? stream.authorizationError : null;
  return typeof refusal === 'string' ? refusal : errorCode(refusal);
}

/** A fault of the step `connect`; `tlsCode` is what `tlsCodeOf` found. */
export function toConnectFault(error: unknown, { host, port }: Login, tlsCode: string): Fault {
  if (error instanceof WaitEnded && error.why === 'deadline') return toFault(error, 'connect');
  const code = error instanceof WaitEnded ? 'ETIMEDOUT' : errorCode(error);
  const reason = code === 'HANDSHAKE_SSL_ERROR' && tlsCode !== '' ? tlsCode : code;
  const network = toNetworkFault({ code: reason }, host, port);
  if (network === null) return toFault(error, 'connect');
  const { code: known, step, message } = network;
  return new Fault({ code: known, step, message, cause: error });
}

/** What a failed statement or a wait that did not end means; the driver's own text goes no further than the cause. */
export function toFault(error: unknown, step: Step): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof AnswerRefused) return toAnswerFault(error, step);
  if (error instanceof NotAsAsked) return toShapeFault(error, step);
  if (error instanceof WaitEnded && error.why === 'deadline') return outOfTime(error, step);
  const [code, message] = meaningOf(error, step);
  return new Fault({ code: ofStep(code, step), step, message, cause: error });
}

function meaningOf(error: unknown, step: Step): Meaning {
  if (error instanceof WaitEnded) return tooSlow;
  const errno = errnoOf(error);
  if (step === 'connect' && errno === 1227) return adminPort;
  const key = errno === null ? errorCode(error) : String(errno);
  const known = Object.hasOwn(errorCodes, key) ? errorCodes[key] : undefined;
  if (known) return known;
  if (errno === null && isFatal(error)) return lost;
  const what = errno === null ? 'an error that it gives no number' : `error ${errno}${hints[errno] ?? ''}`;
  return step === 'connect'
    ? ['connect.failed', `The server refused the connection with ${what}.`]
    : ['snapshot.failed', `The server answered a statement of ours with ${what}.`];
}

/** Numbers that many things share, and what they may be. */
const hints: Readonly<Record<number, string>> = {
  1105: ', which servers and proxies (Percona XtraDB Cluster, Vitess) use for whatever has no number of its own',
  1772: ', a malformed set of GTIDs: a proxy that waits for replicas may have sent it in our name',
};

function isFatal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'fatal' in error && error.fatal === true;
}

function outOfTime(error: unknown, step: Step): Fault {
  return new Fault({
    code: 'deadline.exceeded',
    step,
    message: 'The time for this sweep was up while we waited for the database.',
    cause: error,
  });
}
