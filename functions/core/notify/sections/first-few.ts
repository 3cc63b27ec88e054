/** The first items of a list and how many were left out. */
export function firstFew<T>(items: readonly T[], most: number): { shown: readonly T[]; hidden: number } {
  return { shown: items.slice(0, most), hidden: Math.max(0, items.length - most) };
}
