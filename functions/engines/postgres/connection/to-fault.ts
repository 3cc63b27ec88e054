import * as z from 'zod';
import { Fault, type Step } from '../../../core/model/fault.ts';
import { AnswerRefused, toAnswerFault, toShapeFault } from '../../answer-limit.ts';
import { errorCode, toNetworkFault } from '../../network-fault.ts';
import { ofStep } from '../../server-trouble.ts';
import { toLoginMeaning } from './login-error-codes.ts';
import { type Meaning, errorCodes, type Place } from './error-codes.ts';

export type { Place } from './error-codes.ts';

/** What ended a login, as a fault. */
export function toConnectFault(error: unknown, place: Place): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof AnswerRefused) return toAnswerFault(error, 'connect');
  if (error instanceof z.ZodError) return toShapeFault(error, 'connect');
  return (
    toLoginFault(error, place) ??
    toKnownFault(error, place, 'connect') ??
    toNetworkFault(error, place.host, place.port) ??
    toUnnamedConnectFault(error, place)
  );
}

/** What ended a statement, as a fault; a lost connection in any of its forms is `connect.lost`. */
export function toStatementFault(error: unknown, place: Place, step: Step): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof AnswerRefused) return toAnswerFault(error, step);
  if (error instanceof z.ZodError || error instanceof SyntaxError || error instanceof RangeError)
    return toShapeFault(error, step);
  const known = toKnownFault(error, place, step);
  if (known) return known;
  const state = toSqlState(error);
  return state === null
    ? makeFault(['connect.lost', () => 'the connection was cut'], place, step, error)
    : makeFault(
        ['snapshot.failed', () => `a statement failed with SQLSTATE ${state}`],
        ...([place, step, error] as const),
      );
}

/** The SQLSTATE of an error that the server sent; null for every other error. */
export function toSqlState(error: unknown): string | null {
  const code = errorCode(error);
  const isServers = typeof error === 'object' && error !== null && 'severity' in error;
  return isServers && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** The server answered our wish for TLS with a no; we never go on in clear. */
export function toTlsRefusedFault(place: Place, cause: unknown): Fault {
  const says = () => 'it does not offer TLS, and the configuration demands it';
  return makeFault(['connect.tls_refused', says], place, 'connect', cause);
}

/** DNS, TCP, TLS and login together took too long. */
export function toConnectTimeoutFault(place: Place, ms: number): Fault {
  const says = () =>
    `it did not log us in within ${ms / 1000} s; a security group may drop the packets, or the server is overloaded`;
  return makeFault(['connect.timeout', says], place, 'connect', undefined);
}

/** The server neither answered nor kept to its own statement_timeout. */
export function toSilenceFault(place: Place, step: Step): Fault {
  const says = () => 'it fell silent during a statement';
  return makeFault(['snapshot.statement_timeout', says], place, step, undefined);
}

/** The sweep's own deadline came while we waited for the server. */
export function toDeadlineFault(place: Place, step: Step): Fault {
  const says = () => 'the time of this sweep was up while we waited for it';
  return makeFault(['deadline.exceeded', says], place, step, undefined);
}

/** The login reached a pooler, whose sessions are not those of our own connection. */
export function toPoolerFault(place: Place): Fault {
  const says = () =>
    'what answers there is a connection pooler or a proxy, not the server itself. Name the host and the port of the server';
  return makeFault(['connect.pooler', says], place, 'connect', undefined);
}

function toLoginFault(error: unknown, place: Place): Fault | null {
  const state = toSqlState(error);
  const meaning = state === null ? null : toLoginMeaning(state, error);
  return meaning && makeFault(meaning, place, 'connect', error);
}

function toKnownFault(error: unknown, place: Place, step: Step): Fault | null {
  const meaning = errorCodes[toSqlState(error) ?? ''];
  return meaning ? makeFault(meaning, place, step, error) : null;
}

function toUnnamedConnectFault(error: unknown, place: Place): Fault {
  const code = errorCode(error);
  if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO)/.test(code)) {
    const says = () => `TLS could not be agreed on (${code})`;
    return makeFault(['connect.tls_failed', says], place, 'connect', error);
  }
  // The server's own code may be any text.
  const says = () =>
    /^\w{1,40}$/.test(code) ? `the login failed with ${code}` : 'it ended the login without a reason';
  return makeFault(['connect.failed', says], place, 'connect', error);
}

function makeFault([code, says]: Meaning, place: Place, step: Step, cause: unknown): Fault {
  const message = `The database at ${place.host}:${place.port} could not be swept: ${says(place)}.`;
  return new Fault({ code: ofStep(code, step), step, message, cause });
}
