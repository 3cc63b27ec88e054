import { type TagName, tagNames, type Tags } from '../../contract/tag-names.ts';
import { toTagValue } from './tag-value.ts';

/* Two ways to write tags are read: SQLCommenter's (`key='percent%20encoded'`: Django, Prisma, Drizzle, Knex, Rails from 7.1) and
   marginalia's (`key:value`: Rails before). A comment that is anything else is nobody's tags. */

/** Other programs' words for the same. */
const aliases: Readonly<Record<string, TagName>> = {
  app: 'application',
  service: 'application',
  ddps: 'application', // Datadog
  namespaced_controller: 'controller',
  controller_with_namespace: 'controller',
  sidekiq_job: 'job',
  source_location: 'line',
  callsite: 'line',
  version: 'release',
  ddpv: 'release',
};

const quotedPair = /\s*([\w%.-]{1,64})\s*[=:]\s*'((?:[^'\\]|\\[^]|'')*)'\s*(?:,|$)/y;
const plainPair = /\s*([\w.-]{1,64}):\s*((?!')[^,]*)(?:,|$)/y;

/** The tags in the body of one comment; the last pair of a comment that was cut off counts only where its end was seen. */
export function readTags(body: string, isCut: boolean): Tags {
  const pairs = readPairs(body, isCut);
  const named = pairs.flatMap(([key, raw]) => {
    const name = aliases[key] ?? tagNames.find((known) => known === key);
    const value = name === undefined ? null : toTagValue(name, raw);
    return name === undefined || value === null ? [] : [{ name, value, isAlias: name !== key }];
  });
  const ownLast = named.toSorted((a, b) => Number(b.isAlias) - Number(a.isAlias));
  return withoutBareLine(Object.fromEntries(ownLast.map(({ name, value }) => [name, value])));
}

/** A number that no file stands beside is no line but any number. */
function withoutBareLine({ line, ...tags }: Tags): Tags {
  const isBare = line === undefined || (/^\d+$/.test(line) && tags.file === undefined);
  return isBare ? tags : { ...tags, line };
}

/** All pairs, or none where some of the text is no pair: then it is prose, or somebody's code. */
function readPairs(body: string, isCut: boolean): readonly (readonly [key: string, value: string])[] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < body.trimEnd().length;) {
    const quoted = matchAt(quotedPair, body, at);
    const pair = quoted ?? matchAt(plainPair, body, at);
    if (!pair) return isCut ? pairs : [];
    const [whole, key = '', value = ''] = pair;
    at += whole.length;
    if (!quoted && isCut && at >= body.length) return pairs; // it may go on
    pairs.push([
      decode(key).toLowerCase(),
      quoted ? decode(value.replaceAll(/\\([^])/g, '$1')) : value.trim(),
    ]);
  }
  return pairs;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Python's drivers leave a percent sign doubled where a statement has no parameters. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('%%', '%'));
  } catch {
    return '';
  }
}
