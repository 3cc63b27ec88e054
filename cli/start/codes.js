import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';

const lengthBytes = 4;

/**
 * Many pieces of compiled code in one file: the length of a list of names and lengths, the list as JSON, and the pieces.
 * @param {readonly (readonly [name: string, code: Buffer])[]} codes
 * @returns {Buffer}
 */
export function toCodes(codes) {
  const list = Buffer.from(JSON.stringify(codes.map(([name, code]) => [name, code.length])));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(list.length);
  return Buffer.concat([length, list, ...codes.map(([, code]) => code)]);
}

/**
 * The pieces by name; none when the file is missing or is not such a file.
 * @param {string} file
 * @returns {Map<string, Buffer>}
 */
export function readCodes(file) {
  const codes = new Map();
  try {
    const bytes = readFileSync(file);
    let at = lengthBytes + bytes.readUInt32LE();
    for (const [name, length] of JSON.parse(bytes.subarray(lengthBytes, at).toString())) {
      codes.set(name, bytes.subarray(at, at + length));
      at += length;
    }
  } catch {
    codes.clear();
  }
  return codes;
}
