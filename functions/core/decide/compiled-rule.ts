import type { Rule } from '../../contract/rule.ts';
import { type CompiledMatcher, compileMatcher } from './matcher.ts';

/** A rule whose patterns are ready to be asked about many sessions. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly match: CompiledMatcher;
  readonly except: CompiledMatcher;
}

/** Prepares a rule once per sweep. */
export function compileRule(rule: Rule): CompiledRule {
  return { rule, match: compileMatcher(rule.match), except: compileMatcher(rule.except) };
}
