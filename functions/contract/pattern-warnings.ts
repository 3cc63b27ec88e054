import { type Matcher, type MatchField, matchFields, type Pattern } from './pattern.ts';
import type { WrittenPolicy } from './policy.ts';
import type { Warning } from './policy-warnings.ts';
import type { EngineName } from './target.ts';

/** Patterns that can be read but hardly mean what they look like; nothing else tells their owner that they match nobody. */
export function warningsOfPatterns(
  { rules, protect }: WrittenPolicy,
  engine: EngineName,
): readonly Warning[] {
  return [
    ...rules.flatMap(({ match, except }, index) => [
      ...warningsOfMatcher(match, ['rules', index, 'match'], engine),
      ...warningsOfMatcher(except, ['rules', index, 'except'], engine),
    ]),
    ...protect.flatMap(({ matcher }, index) => warningsOfMatcher(matcher, ['protect', index], engine)),
  ];
}

function warningsOfMatcher(matcher: Matcher, path: Warning['path'], engine: EngineName): Warning[] {
  return matchFields.flatMap((field) =>
    (matcher[field] ?? []).flatMap((pattern) => {
      const doubt = pattern.kind === 'network' ? null : doubtAbout(field, pattern, engine);
      return doubt === null ? [] : [{ path: [...path, field], message: doubt }];
    }),
  );
}

function doubtAbout(
  field: MatchField,
  pattern: Exclude<Pattern, { kind: 'network' }>,
  engine: EngineName,
): string | null {
  if (pattern.kind === 'expression')
    return field === 'statement' && /'|\\d/.test(pattern.source)
      ? `/${pattern.source}/ asks for a literal, and statements are matched with ? in the place of each.`
      : null;
  const { text } = pattern;
  if (text !== text.trim()) return `"${text}" begins or ends with a space, which counts.`;
  if (field === 'statement')
    return /'|(?<![\w$@])\d/.test(text)
      ? `"${text}" asks for a literal, and statements are matched with ? in the place of each.`
      : null;
  if (field === 'client' && /^[\d.]+\s*-\s*[\d.]+$/.test(text))
    return `"${text}" is no range of addresses but a name; write networks such as 10.0.0.0/28.`;
  if (field === 'user' && engine !== 'postgres' && /@(?:%|localhost|[\d.%]+|')/.test(text))
    return `"${text}" names an account; a user is matched without its host, for which there is client.`;
  if (text.includes('%') && !text.includes('*')) return `"${text}": % stands for itself here; any run is *.`;
  if (field !== 'application' && /,\s/.test(text))
    return `"${text}" is one name; several are a list: [shop, jobs].`;
  return null;
}
