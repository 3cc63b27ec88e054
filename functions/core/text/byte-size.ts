/** The bytes of a text in UTF-8. */
export function byteSize(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The bytes that a text takes inside a JSON string, without its quotes: escaping can double it. */
export function escapedSize(text: string): number {
  return byteSize(JSON.stringify(text)) - 2;
}
