import ipaddr from 'ipaddr.js';
import { RE2JS } from 're2js';
import * as z from 'zod';
import { strictObject, unlessKeyUnknown } from './strict-object.ts';
import { type TagField, tagFields, tagNames } from './tag-names.ts';

/** What a value of `match`, `except` or `protect` asks of a field: data, compiled by core/decide. */
export type Pattern =
  | { readonly kind: 'wildcard'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string; readonly ignoreCase: boolean }
  | { readonly kind: 'network'; readonly cidr: string };

const longestPattern = 500;
const largestProgram = 2_000;
const expectedPattern = `a wildcard such as celery* (* any run, ? one character) or a /regular expression/ in RE2 syntax, with i after it to ignore case; 1 to ${longestPattern} characters`;
const expectedClient =
  'an address, a CIDR network such as 10.0.0.0/8, a wildcard or a /regular expression/; without a port';

/** Reads a wildcard or a /regular expression/; null when it is neither. What begins as an expression is never taken for a wildcard. */
export function parsePattern(text: string): Pattern | null {
  if (text === '' || text.length > longestPattern) return null;
  if (!text.startsWith('/')) return { kind: 'wildcard', text };
  const expression = /^\/(.+)\/(i?)$/s.exec(text);
  const source = expression?.[1] ?? '';
  return isExpression(source) ? { kind: 'expression', source, ignoreCase: expression?.[2] === 'i' } : null;
}

function isExpression(source: string): boolean {
  try {
    return source !== '' && RE2JS.compile(source).programSize() <= largestProgram;
  } catch {
    return false; // the caller reports the text with what was expected; RE2's own words add nothing to that
  }
}

/** Reads a client: address and CIDR become networks, everything else is a pattern; null when it is neither. */
export function parseClientPattern(text: string): Pattern | null {
  if (text.length > longestPattern || text.startsWith('/') || /[*?]/.test(text)) return parsePattern(text);
  if (/[:/]/.test(text) || /^[\d.]+$/.test(text)) return parseNetwork(text);
  return parsePattern(text);
}

/** Refuses the short and octal spellings (10/8, 010.0.0.1) that address parsers read as something else than people mean. */
function parseNetwork(text: string): Pattern | null {
  const [address = ''] = text.split('/', 1);
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return null;
  const cidr = text.includes('/') ? text : `${text}/${address.includes(':') ? 128 : 32}`;
  return ipaddr.isValidCIDR(cidr) ? { kind: 'network', cidr } : null;
}

function patternSchema(parse: (text: string) => Pattern | null, expected: string) {
  return z
    .string({ error: expected })
    .min(1, { error: expected })
    .max(longestPattern, { error: expected })
    .meta({ description: `${expected}.` })
    .transform((text, context) => {
      const pattern = parse(text);
      if (pattern) return pattern;
      context.addIssue({ code: 'custom', message: expected });
      return z.NEVER;
    });
}

function oneOrMore<S extends z.ZodType>(schema: S) {
  const list = z.array(schema).min(1, { error: 'at least one value' });
  return z
    .union([schema, list], { error: 'one value or a list of values' })
    .transform((value) => (Array.isArray(value) ? value : [value]) as readonly z.output<S>[]);
}

const patterns = oneOrMore(patternSchema(parsePattern, expectedPattern));
const clients = oneOrMore(patternSchema(parseClientPattern, expectedClient));

const plainFields = ['user', 'database', 'application', 'client', 'statement', 'serverState'] as const;
/** The fields of a session that patterns can speak about; `tag: { route: … }` of a file is `tag.route` here. */
export type MatchField = (typeof plainFields)[number] | TagField;
export const matchFields: readonly MatchField[] = [...plainFields, ...tagFields];

/** Fields to patterns: within a field any pattern, across fields all. */
export type Matcher = Readonly<Partial<Record<MatchField, readonly Pattern[] | undefined>>>;

const tagExpected = `an object with at least one of: ${tagNames.join(' | ')}`;
const tags = strictObject(
  Object.fromEntries(tagNames.map((name) => [name, patterns.optional()])) as Record<
    (typeof tagNames)[number],
    z.ZodOptional<typeof patterns>
  >,
).refine((given) => Object.values(given).some((value) => value !== undefined), {
  error: tagExpected,
  ...unlessKeyUnknown,
});

export const matcherShape = {
  user: patterns.optional(),
  database: patterns.optional(),
  application: patterns.optional(),
  client: clients.optional(),
  statement: patterns.optional(),
  serverState: patterns
    .meta({ description: 'The STATE of the process list: MySQL and MariaDB only.' })
    .optional(),
  tag: tags
    .meta({
      description:
        'What the program wrote about itself into a comment of its statement (SQLCommenter, marginalia): tag: { route: /orders/* }.',
    })
    .optional(),
};
type WrittenMatcher = z.output<z.ZodObject<typeof matcherShape>>;

/** What a matcher can name, for messages. */
export const matcherKeys = [...plainFields, 'tag'] as const;

/** Whether at least one field is given; a matcher that names nothing would match everything by accident. */
export function namesSomething(matcher: WrittenMatcher): boolean {
  return matcherKeys.some((key) => matcher[key] !== undefined);
}

/** A matcher as people write it, with its tags as fields beside the others. */
export function toMatcher({ tag = {}, ...fields }: WrittenMatcher): Matcher {
  const named = Object.entries(tag).filter(([, asked]) => asked !== undefined);
  return { ...fields, ...Object.fromEntries(named.map(([name, asked]) => [`tag.${name}`, asked])) };
}

export const matcherSchema = strictObject(matcherShape)
  .refine(namesSomething, { error: `at least one of ${matcherKeys.join(', ')}`, ...unlessKeyUnknown })
  .transform(toMatcher);
