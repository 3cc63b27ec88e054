import { type AnswerLimit, AnswerRefused } from '../../answer-limit.ts';

/** No statement of ours asks for as many columns. */
const mostColumns = 256;
const headerBytes = 5;
/** AuthenticationCleartextPassword. */
const asksForPassword = 3;
/** Done, a password in clear or as MD5, and the three of SASL: the driver knows no other, and throws. */
const knownMethods: ReadonlySet<number> = new Set([0, asksForPassword, 5, 10, 11, 12]);

/** The messages that our statements are answered with; of any other, and of a broken one, the driver makes an endless loop or worse. */
const checks: Readonly<Record<string, (body: Buffer) => boolean>> = {
  R: (body) => body.length >= 4, // authentication
  K: (body) => body.length >= 8, // key data
  S: (body) => countZeros(body) === 2, // a setting and its value
  Z: (body) => body.length === 1, // ready
  E: isFields, // error
  N: isFields, // notice
  T: isRowDescription,
  D: isDataRow,
  C: (body) => body.at(-1) === 0, // complete
  A: (body) => body.length >= 6 && body.at(-1) === 0, // notification
  I: isEmpty, // empty statement
  n: isEmpty, // no rows will come
  s: isEmpty, // portal suspended
  t: (body) => body.length >= 2, // parameters of a prepared statement
  1: isEmpty, // parsed
  2: isEmpty, // bound
  3: isEmpty, // closed
};

/**
 * Reads PostgreSQL's messages before the driver does, and lets none pass that is broken: each has a type, its length and a
 * body (https://www.postgresql.org/docs/current/protocol-message-formats.html). What it returns takes each piece from the
 * wire and gives the messages that are whole by then, so that the driver need not keep parts of its own.
 */
export function createFrameCheck(
  limit: AnswerLimit,
  channel: { readonly isEncrypted: boolean },
): (bytes: Buffer) => Buffer | null {
  let parts: Buffer[] = [];
  let kept = 0;
  let wanted = headerBytes;
  return (bytes) => {
    limit.countBytes(bytes.length);
    parts.push(bytes);
    kept += bytes.length;
    if (kept < wanted) return null;
    const all = parts.length === 1 ? bytes : Buffer.concat(parts, kept);
    const [end, next] = checkMessages(all, limit, channel.isEncrypted);
    parts = end === all.length ? [] : [all.subarray(end)];
    kept = all.length - end;
    wanted = next;
    return end === 0 ? null : all.subarray(0, end);
  };
}

/** Where the last whole message ends, and how many bytes the next one needs. */
function checkMessages(
  all: Buffer,
  limit: AnswerLimit,
  isEncrypted: boolean,
): readonly [end: number, wanted: number] {
  let at = 0;
  while (all.length - at >= headerBytes) {
    const type = String.fromCharCode(all.readUInt8(at));
    const check = Object.hasOwn(checks, type) ? checks[type] : undefined;
    const size = 1 + all.readUInt32BE(at + 1);
    if (check === undefined || size < headerBytes) throw malformed('an unknown message');
    limit.announce(size);
    if (at + size > all.length) return [at, size];
    const body = all.subarray(at + headerBytes, at + size);
    if (!check(body)) throw malformed('a broken message');
    if (type === 'R') checkMethod(body.readInt32BE(0), isEncrypted);
    limit.countMessage();
    at += size;
  }
  return [at, headerBytes];
}

function checkMethod(method: number, isEncrypted: boolean): void {
  if (!knownMethods.has(method)) throw new AnswerRefused('method', `authentication ${method}`);
  if (!isEncrypted && method === asksForPassword) throw new AnswerRefused('in clear', 'a password in clear');
}

function malformed(what: string): AnswerRefused {
  return new AnswerRefused('malformed', what);
}

function isEmpty(body: Buffer): boolean {
  return body.length === 0;
}

function countZeros(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf(0); at !== -1; at = body.indexOf(0, at + 1)) count += 1;
  return count;
}

/** Fields of one letter and a text each, and a zero behind the last. */
function isFields(body: Buffer): boolean {
  for (let at = 0; at < body.length;) {
    if (body[at] === 0) return at === body.length - 1;
    const end = body.indexOf(0, at + 1);
    if (end === -1) return false;
    at = end + 1;
  }
  return false;
}

/** A number of columns, and of each a name and 18 bytes. */
function isRowDescription(body: Buffer): boolean {
  const columns = columnsOf(body);
  let at = 2;
  for (let column = 0; column < columns; column += 1) {
    const end = body.indexOf(0, at);
    if (end === -1) return false;
    at = end + 19;
  }
  return columns >= 0 && at === body.length;
}

/** A number of columns, and of each its length (-1: null) and as many bytes. */
function isDataRow(body: Buffer): boolean {
  const columns = columnsOf(body);
  let at = 2;
  for (let column = 0; column < columns; column += 1) {
    if (at + 4 > body.length) return false;
    const length = body.readInt32BE(at);
    if (length < -1) return false;
    at += 4 + Math.max(0, length);
  }
  return columns >= 0 && at === body.length;
}

function columnsOf(body: Buffer): number {
  const columns = body.length < 2 ? -1 : body.readInt16BE(0);
  return columns <= mostColumns ? columns : -1;
}
