/** A packet as MySQL frames it: its length, its place in the conversation, and a body. */
export function packet(sequence: number, body: Buffer | string, length?: number): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(4);
  header.writeUIntLE(length ?? bytes.length, 0, 3);
  header.writeUInt8(sequence % 256, 3);
  return Buffer.concat([header, bytes]);
}

/** What a server says first: MySQL 8.0.36 without TLS. */
export function greeting(plugin = 'mysql_native_password', version = '8.0.36', charset = 0x21): Buffer {
  const capabilities = Buffer.from([0xff, 0xf7, charset, 0x02, 0x00, 0xff, 0x81, 0x15]);
  const salt = [Buffer.from('abcdefgh\0'), Buffer.from(`ijklmnopqrst\0${plugin}\0`)] as const;
  const head = Buffer.from(`\x0a${version}\0`, 'latin1');
  return Buffer.concat([head, Buffer.from([1, 0, 0, 0]), salt[0], capabilities, Buffer.alloc(10), salt[1]]);
}

/** That all is well, and whether more results follow. */
export function ok(hasMore = false): Buffer {
  return Buffer.from([0, 0, 0, hasMore ? 0x0a : 0x02, 0, 0, 0]);
}

export function eof(): Buffer {
  return Buffer.from([0xfe, 0, 0, 2, 0]);
}

/** An error with its number. */
export function error(number: number, text: string): Buffer {
  const head = Buffer.from([0xff, number & 0xff, number >> 8]);
  return Buffer.concat([head, Buffer.from(`#HY000${text}`)]);
}

const text = (value: string): Buffer => {
  const bytes = Buffer.from(value);
  const length =
    bytes.length < 251
      ? [bytes.length]
      : [0xfd, bytes.length & 255, (bytes.length >> 8) & 255, bytes.length >> 16];
  return Buffer.concat([Buffer.from(length), bytes]);
};

/** A column: its name, its character set and its type (253 is text, 245 is JSON). */
export function column(name: string, charset = 45, type = 253): Buffer {
  const fixed = Buffer.alloc(13);
  fixed.writeUInt8(12, 0);
  fixed.writeUInt16LE(charset, 1);
  fixed.writeUInt8(type, 7);
  return Buffer.concat([text('def'), text(''), text('t'), text('t'), text(name), text(name), fixed]);
}

/** A row. */
export function row(values: readonly string[]): Buffer {
  return Buffer.concat(values.map(text));
}

/** Packets one after the other, from this place in the conversation on. */
export function conversation(bodies: readonly Buffer[], first = 1): Buffer {
  return Buffer.concat(bodies.map((body, index) => packet(first + index, body)));
}

/** A result with these columns and rows. */
export function result(columns: readonly Buffer[], rows: readonly Buffer[]): Buffer {
  return conversation([Buffer.from([columns.length]), ...columns, eof(), ...rows, eof()]);
}
