import { type Matcher, type MatchField, matchFields, type Pattern } from './pattern.ts';
import type { WrittenPolicy } from './policy.ts';
import type { Warning } from './policy-warnings.ts';
import { isPreset } from './preset.ts';
import { type TagField, tagFields } from './tag-names.ts';
import type { EngineName } from './target.ts';

/** Patterns that can be read but hardly mean what they look like; nothing else tells their owner that they match nobody. */
export function warningsOfPatterns(
  { rules, protect }: WrittenPolicy,
  engine: EngineName,
): readonly Warning[] {
  return [
    ...rules.flatMap((rule, index) => {
      const atRest = isPreset(rule) || rule.states.some((state) => state !== 'active');
      return [
        ...warningsOfMatcher(rule.match, ['rules', index, 'match'], engine),
        ...warningsOfMatcher(rule.except, ['rules', index, 'except'], engine),
        ...(atRest ? warningsOfUnshown(rule.match, ['rules', index, 'match'], engine, unmatched) : []),
        ...(atRest ? warningsOfUnshown(rule.except, ['rules', index, 'except'], engine, spared) : []),
      ];
    }),
    ...protect.flatMap(({ matcher }, index) => [
      ...warningsOfMatcher(matcher, ['protect', index], engine),
      ...warningsOfUnshown(matcher, ['protect', index], engine, spared),
    ]),
  ];
}

const spared = 'every session that rests is spared in doubt';
const unmatched = 'no session that rests matches';

/** MariaDB keeps a statement only while it runs. */
function warningsOfUnshown(
  matcher: Matcher,
  path: Warning['path'],
  engine: EngineName,
  what: string,
): Warning[] {
  if (engine !== 'mariadb') return [];
  const message = `MariaDB does not show the last statement of a session that rests, so ${what}.`;
  const asked = (['statement', ...tagFields] as const).filter((field) => matcher[field] !== undefined);
  return asked.map((field) => ({ path: [...path, ...field.split('.')], message }));
}

function warningsOfMatcher(matcher: Matcher, path: Warning['path'], engine: EngineName): Warning[] {
  return matchFields.flatMap((field) =>
    (matcher[field] ?? []).flatMap((pattern) => {
      const doubt = pattern.kind === 'network' ? null : doubtAbout(field, pattern, engine);
      return doubt === null ? [] : [{ path: [...path, ...field.split('.')], message: doubt }];
    }),
  );
}

type TextPattern = Exclude<Pattern, { kind: 'network' }>;

function doubtAbout(field: MatchField, pattern: TextPattern, engine: EngineName): string | null {
  const shown = pattern.kind === 'wildcard' ? `"${pattern.text}"` : `/${pattern.source}/`;
  const doubt =
    field === 'statement'
      ? doubtAboutStatement(pattern, engine)
      : isTagField(field)
        ? doubtAboutTag(field, pattern)
        : doubtAboutName(field, pattern, engine);
  return doubt === null ? null : `${shown} ${doubt}`;
}

function doubtAboutStatement(pattern: TextPattern, engine: EngineName): string | null {
  const text = pattern.kind === 'wildcard' ? pattern.text : pattern.source;
  const names = engine === 'postgres' ? /"[^"]*"/g : /`[^`]*`/g;
  const rest = text.replaceAll(names, 'name');
  if (/\/\\?\*|\\?\*\\?\/|--\s|--$/.test(rest) || (engine !== 'postgres' && rest.includes('#')))
    return 'asks for a comment, and statements are matched without their comments: what a program writes of itself there is matched by tag: { route: … }.';
  const literals = engine === 'postgres' ? /'/ : /['"]/;
  const digits =
    pattern.kind === 'wildcard' ? /(?<![\w$@])\d/ : /(?<![\w$@{,\\[-])\d|(?<![\w$])(?:\\d|\[0-9\])/;
  if (literals.test(rest) || digits.test(rest))
    return 'asks for a literal, and statements are matched with ? in the place of each.';
  return /\s{2}/.test(rest)
    ? 'has two spaces, and statements are matched with one in the place of several.'
    : null;
}

function isTagField(field: MatchField): field is TagField {
  return field.startsWith('tag.');
}

/** What a tag never holds, since it is removed as it is read. */
function doubtAboutTag(field: TagField, pattern: TextPattern): string | null {
  if (field === 'tag.traceparent' || pattern.kind === 'expression') return null;
  const { text } = pattern;
  if (/%[\da-f]{2}/i.test(text)) return 'is percent-encoded, and tags are matched decoded.';
  if (field === 'tag.route' && /^\^|\(\?P?</.test(text))
    return 'is an expression of the framework, and routes are matched as polls/<pk>/.';
  if (/@|\s|=/.test(text) || /(?<![\d.:v])\d{3,}(?![\d.])/.test(field === 'tag.line' ? '' : text))
    return 'asks for what looks like a value, and tags are matched with ? in the place of each.';
  return null;
}

function doubtAboutName(field: MatchField, pattern: TextPattern, engine: EngineName): string | null {
  if (pattern.kind === 'expression') return null;
  const { text } = pattern;
  if (text !== text.trim()) return 'begins or ends with a space, which counts.';
  if (field === 'client') return doubtAboutClient(text, engine);
  if (field === 'user' && engine !== 'postgres' && /@(?:%|localhost|[\d.%]+|')/.test(text))
    return 'names an account; a user is matched without its host, for which there is client.';
  if (field === 'user' && text.includes('%') && !text.includes('*'))
    return 'has a %, which stands for itself; any run is *.';
  if (field !== 'application' && /,\s/.test(text)) return 'is one name; several are a list: [shop, jobs].';
  return null;
}

function doubtAboutClient(text: string, engine: EngineName): string | null {
  if (/^[\d.]+\s*-\s*[\d.]+$/.test(text))
    return 'is no range of addresses but a name; write networks such as 10.0.0.0/28.';
  if (/^[\d.*?]+:[\d*]+$/.test(text)) return 'has a port; clients are matched without.';
  if (text.includes('%')) return 'has a %, which stands for itself; any run is *.';
  if (engine === 'postgres' && /[a-z]/i.test(text) && !text.includes(':'))
    return 'is a name; PostgreSQL shows addresses only.';
  return null;
}
