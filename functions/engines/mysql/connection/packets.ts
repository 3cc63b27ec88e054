import type { AnswerLimit } from '../../answer-limit.ts';

const headerBytes = 4;

/**
 * Counts MySQL's packets before the driver reads them: three bytes of length, one of sequence, and a body
 * (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html). Returns what takes each piece from the wire.
 */
export function createPacketCount(limit: AnswerLimit): (bytes: Buffer) => Buffer {
  let header: number[] = [];
  let bodyLeft = 0;
  return (bytes) => {
    limit.countBytes(bytes.length);
    for (let at = 0; at < bytes.length;) {
      const skipped = Math.min(bodyLeft, bytes.length - at);
      bodyLeft -= skipped;
      at += skipped;
      while (bodyLeft === 0 && at < bytes.length && header.length < headerBytes) {
        header.push(bytes.readUInt8(at));
        at += 1;
      }
      if (header.length < headerBytes) continue;
      const [low = 0, middle = 0, high = 0] = header;
      bodyLeft = low + (middle << 8) + (high << 16);
      header = [];
      limit.countMessage();
    }
    return bytes;
  };
}
