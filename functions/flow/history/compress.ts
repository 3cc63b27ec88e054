import { gunzipSync, gzipSync } from 'node:zlib';

/** A value as one gzipped JSON line. */
export function toGzip(json: string): Uint8Array {
  return gzipSync(`${json}\n`);
}

/** The JSON of a gzipped object of at most `mostBytes` once it is unpacked; undefined where it holds anything else. */
export function fromGzip(bytes: Uint8Array, mostBytes: number): unknown {
  try {
    return JSON.parse(gunzipSync(bytes, { maxOutputLength: mostBytes }).toString('utf8')) as unknown;
  } catch {
    return undefined; // whoever asked says what is wrong with it
  }
}
