import type { FaultCode } from '../contract/fault-codes.ts';
import { Fault, type Step } from '../core/model/fault.ts';

/** What one answer may weigh: 20,000 sessions with long statements take half of it. */
const mostBytes = 64 * 2 ** 20;
/** Small messages take much more memory than bytes: 20,000 sessions with eight attributes each take less than half of these. */
const mostMessages = 400_000;

/** Why we stop listening to a server; `code` makes it tell more than the loss of the connection that follows. */
export class AnswerRefused extends Error {
  readonly why: 'too large' | 'malformed' | 'in clear' | 'method';
  readonly code = 'UNLEAK_ANSWER_REFUSED';

  constructor(why: AnswerRefused['why'], what: string) {
    super(what);
    this.name = 'AnswerRefused';
    this.why = why;
  }
}

/** Counts what a server sends in answer to one statement; every count throws AnswerRefused once it is too much. */
export interface AnswerLimit {
  /** A new statement: what was sent so far counts no more. */
  renew(): void;
  countBytes(bytes: number): void;
  /** A length that the server announces, before any of it is kept. */
  announce(bytes: number): void;
  countMessage(): void;
}

/** A limit that drivers cannot pass: they keep an answer in memory until it is whole, however large a server says it is. */
export function createAnswerLimit(): AnswerLimit {
  let bytes = 0;
  let messages = 0;
  return {
    renew: () => {
      bytes = 0;
      messages = 0;
    },
    countBytes: (more) => {
      bytes += more;
      if (bytes > mostBytes) throw new AnswerRefused('too large', `more than ${mostBytes} bytes`);
    },
    announce: (length) => {
      if (length > mostBytes) throw new AnswerRefused('too large', `announced as ${length} bytes`);
    },
    countMessage: () => {
      messages += 1;
      if (messages > mostMessages) throw new AnswerRefused('too large', `more than ${mostMessages} messages`);
    },
  };
}

type Meaning = readonly [code: FaultCode, message: string];

const errorCodes: Readonly<Record<AnswerRefused['why'], (what: string) => Meaning>> = {
  'too large': (what) => [
    'snapshot.too_large',
    `The server's answer to one statement of ours was ${what}, so we stopped listening.`,
  ],
  malformed: (what) => [
    'connect.protocol',
    `What answers there does not keep to the database's protocol (${what}), so we cut the connection.`,
  ],
  method: () => [
    'credentials.unsupported_method',
    'The server wants our login to use a method that unleak does not support, such as GSSAPI or SSPI. Passwords are supported: SCRAM, MD5, LDAP, PAM and IAM.',
  ],
  'in clear': () => [
    'credentials.clear_password',
    'The server wants the password in clear, and the connection has no TLS. It was not sent.',
  ],
};

/** The fault of an answer that we stopped listening to; the connection is cut by then. */
export function toAnswerFault(refused: AnswerRefused, step: Step): Fault {
  const [code, message] = errorCodes[refused.why](refused.message);
  return new Fault({ code, step, message, cause: refused });
}

/** The fault of an answer that is not what the statement asks for; the cause names the place, and nothing of the answer is quoted. */
export function toShapeFault(cause: unknown, step: Step): Fault {
  const message =
    'The server answered a statement of ours with something else than it asks for: a proxy may stand in between, or it is no such server. The connection was closed.';
  return new Fault({ code: 'snapshot.malformed', step, message, cause });
}
