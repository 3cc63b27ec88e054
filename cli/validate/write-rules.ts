import { stringify } from 'yaml';
import type { Configuration } from '../../functions/contract/configuration.ts';
import { writeDuration } from '../../functions/contract/duration.ts';
import { expandPolicy } from '../../functions/contract/expand-policy.ts';
import { type Matcher, matchFields, type Pattern } from '../../functions/contract/pattern.ts';
import type { Rule } from '../../functions/contract/rule.ts';

/** Each policy's rules as a sweep would try them, with those of presets, for each engine that a target uses it for: YAML, a rule a line. */
export function writeRules({ policies, targets }: Configuration): readonly string[] {
  return Object.entries(policies).flatMap(([name, policy]) => {
    const engines = [...new Set(targets.filter((each) => each.policy === name).map(({ engine }) => engine))];
    if (engines.length === 0) return [`# ${name}: no target uses it`];
    return engines.flatMap((engine) => [
      `# ${name} on ${engine}`,
      'rules:',
      ...expandPolicy(policy, engine).rules.map((rule) => `  - ${toLine(rule)}`),
    ]);
  });
}

function toLine(rule: Rule): string {
  return stringify(toWritten(rule), { collectionStyle: 'flow', lineWidth: 0 }).trimEnd();
}

/** A rule in the words of unleak.yaml; what it leaves out, `undefined` here, is not written. */
function toWritten(rule: Rule) {
  const { name, states, forMs, openMs, transactionMs, blockingMs, waitingMs, utilization } = rule;
  return {
    name,
    state: oneOrAll(states),
    for: toDuration(forMs),
    open: toDuration(openMs),
    transaction: toDuration(transactionMs),
    blocking: toDuration(blockingMs),
    waiting: waitingMs === 0 ? true : toDuration(waitingMs),
    waitingForClient: rule.waitingForClient || undefined,
    unused: rule.unused || undefined,
    match: toWrittenMatcher(rule.match),
    except: toWrittenMatcher(rule.except),
    group: rule.group.length > 0 ? rule.group : undefined,
    minimum: rule.minimum ?? undefined,
    keep: rule.keep ? { [rule.keep.which]: rule.keep.count } : undefined,
    most: rule.most ?? undefined,
    utilization: utilization
      ? { above: toPercentage(utilization.above), until: toPercentage(utilization.until) }
      : undefined,
    action: rule.action === 'terminate' ? undefined : rule.action,
  };
}

function toDuration(ms: number | null): string | undefined {
  return ms === null ? undefined : writeDuration(ms);
}

function toWrittenMatcher(matcher: Matcher) {
  const fields = matchFields.flatMap((field) => {
    const patterns = matcher[field];
    return patterns ? [[field, oneOrAll(patterns.map(writePattern))] as const] : [];
  });
  if (fields.length === 0) return undefined;
  const isTag = ([field]: (typeof fields)[number]) => field.startsWith('tag.');
  const tags = fields.filter(isTag).map(([field, value]) => [field.slice('tag.'.length), value] as const);
  return {
    ...Object.fromEntries(fields.filter((entry) => !isTag(entry))),
    ...(tags.length > 0 && { tag: Object.fromEntries(tags) }),
  };
}

function writePattern(pattern: Pattern): string {
  if (pattern.kind === 'wildcard') return pattern.text;
  return pattern.kind === 'network' ? pattern.cidr : `/${pattern.source}/${pattern.ignoreCase ? 'i' : ''}`;
}

function toPercentage(fraction: number | null): string | undefined {
  return fraction === null ? undefined : `${Number((fraction * 100).toFixed(6))}%`;
}

function oneOrAll<T>(values: readonly T[]): T | readonly T[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
