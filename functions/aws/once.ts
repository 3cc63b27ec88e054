/** Makes a thing when it is first asked for, and hands out the same one ever after. */
export function once<T>(make: () => T): () => T {
  let made: { readonly thing: T } | null = null;
  return () => (made ??= { thing: make() }).thing;
}
