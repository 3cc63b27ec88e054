/** A message as PostgreSQL frames it: a letter, its length and a body. */
export function message(type: string, body: Buffer | string = '', length?: number): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(5);
  header.write(type);
  header.writeUInt32BE(length ?? bytes.length + 4, 1);
  return Buffer.concat([header, bytes]);
}

/** A number of four bytes, of two bytes. */
export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

const ready = message('Z', 'I');
const setting = (name: string, value: string) => message('S', `${name}\0${value}\0`);

/** What lets a client in. */
export const welcome = Buffer.concat([
  message('R', int32(0)),
  setting('server_version', '18.0'),
  message('K', Buffer.concat([int32(4711), int32(1)])),
  ready,
]);

/** Columns of type text, or of the type with this number. */
export function columns(names: readonly string[], type = 25): Buffer {
  const each = names.map((name) =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      int32(0),
      int16(0),
      int32(type),
      int16(-1),
      int32(-1),
      int16(0),
    ]),
  );
  return message('T', Buffer.concat([int16(names.length), ...each]));
}

/** One row; null is null. */
export function row(values: readonly (string | null)[]): Buffer {
  const each = values.map((value) => {
    const bytes = Buffer.from(value ?? '');
    return value === null ? int32(-1) : Buffer.concat([int32(bytes.length), bytes]);
  });
  return message('D', Buffer.concat([int16(values.length), ...each]));
}

/** The end of an answer. */
export const complete = Buffer.concat([message('C', 'SELECT 1\0'), ready]);

/** An error, each of its fields with its letter. */
export function error(fields: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries(fields).map(([letter, value]) => `${letter}${value}\0`);
  return message('E', `${text.join('')}\0`);
}
