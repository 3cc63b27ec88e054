/*
 * Stands in for iconv-lite in the bundle, where it is 494 KB of tables. The MySQL driver asks it for the names of columns in
 * other character sets than UTF-8. Ours are ASCII, which all of them write alike, and values are read as bytes (wire.ts).
 */

/** Decodes byte by byte. */
export function getDecoder() {
  return { write: (bytes) => bytes.toString('latin1'), end: () => undefined };
}

/** Nothing is sent in another character set than UTF-8. */
export function getEncoder(encoding) {
  throw new Error(`unleak writes no ${encoding}`);
}
