/** Numbers for texts, in the order in which they first came. */
export interface NameTable<T> {
  readonly names: readonly T[];
  indexOf(name: T): number;
}

/** An empty table; `keyOf` is equal for equal names only. */
export function createNameTable<T>(keyOf: (name: T) => string): NameTable<T> {
  const names: T[] = [];
  const indices = new Map<string, number>();
  return {
    names,
    indexOf(name) {
      const key = keyOf(name);
      const known = indices.get(key);
      if (known !== undefined) return known;
      indices.set(key, names.length);
      return names.push(name) - 1;
    },
  };
}
