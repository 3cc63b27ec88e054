import type { MatchField } from '../../../contract/pattern.ts';

/** A field of a session in words: `server state`, `tag route`. */
export function toFieldWords(field: MatchField): string {
  return field === 'serverState' ? 'server state' : field.replace('.', ' ');
}
