/** A number with its noun: `1 session`, `42 sessions`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The form of the verb that goes with a number: `was` or `were`. */
export function was(count: number): string {
  return count === 1 ? 'was' : 'were';
}

/** Words as people list them: `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1] ?? ''}`;
}
