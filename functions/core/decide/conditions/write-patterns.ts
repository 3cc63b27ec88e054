import type { Pattern } from '../../../contract/pattern.ts';
import { cleanText } from '../../text/clean-text.ts';

/** Patterns as people wrote them. */
export function writePatterns(patterns: readonly Pattern[] | undefined): string {
  return cleanText((patterns ?? []).map(writePattern).join(' | '));
}

function writePattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'wildcard':
      return pattern.text;
    case 'expression':
      return `/${pattern.source}/${pattern.ignoreCase ? 'i' : ''}`;
    case 'network':
      return pattern.cidr;
  }
}
