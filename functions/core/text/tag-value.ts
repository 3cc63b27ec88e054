import type { TagName } from '../../contract/tag-names.ts';
import { hideUnquotedValues } from './unquoted-values.ts';

/* A comment is the program's own text, and a careless program writes into it what belongs into no report. So only what looks like
   a name of the code is shown. When in doubt, a part is `?`, or the tag is left out. */

const longestRaw = 300;
const longestShown = 120;
const longestPart = 40;

/** A tag's value as it may be shown, each part that looks like an id or a value as `?`; null where nothing may be shown. */
export function toTagValue(name: TagName, raw: string): string | null {
  const text = raw.trim();
  if (text === '' || text.length > longestRaw || hideUnquotedValues(text) !== text) return null;
  const value = readers[name](text);
  const isEmpty = value === null || value.length > longestShown || !/[A-Za-z]|^\d+$|^\/$/.test(value);
  return isEmpty ? null : value;
}

const readers: Readonly<Record<TagName, (text: string) => string | null>> = {
  application: toCodeName,
  controller: toCodeName,
  action: toCodeName,
  job: toCodeName,
  task: toCodeName,
  framework: toVersion,
  db_driver: toVersion,
  release: (text) => toCommit(text) ?? toVersion(text),
  route: toRoute,
  file: toPlace,
  line: (text) => (/^\d{1,6}$/.test(text) ? text : toPlace(text)),
  traceparent: (text) => (/^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(text) ? text : null),
};

/** `Api::V1::OrdersController`, `shop.tasks.send`, `App\Http\OrderController`, `paid?`. */
function toCodeName(text: string): string | null {
  if (!/^[A-Za-z_][\w.:#/\\<>-]*[?!]?$/.test(text)) return null;
  const hidden = hideMany(hideIds(text.replace(/[?!]$/, '')));
  return /[?!]$/.test(text) ? `${hidden}${text.slice(-1)}` : hidden;
}

/** `django:4.2.1`, `v1.20.3`, `2026.11.2`; what follows a space (psycopg2's build options) is left out. Four numbers are an address. */
function toVersion(text: string): string | null {
  const [first = ''] = text.split(/[\s(+]/, 1);
  if (!/^\w[\w.:/+-]*$/.test(first)) return null;
  const numbers = first.match(/(?<![A-Za-z\d])\d+(?![A-Za-z\d])/g) ?? [];
  const isVersion =
    numbers.length <= 3 && numbers.every((part) => part.length <= (first.startsWith(part) ? 4 : 3));
  if (!isVersion || (!/[A-Za-z]/.test(first) && !/^\d+(?:\.\d+){1,2}$/.test(first))) return null;
  if (!/[A-Za-z]/.test(first)) return `v${first}`;
  return first.replace(/[A-Za-z][A-Za-z\d]*|\d+[A-Za-z][A-Za-z\d]*/g, hideId);
}

/** A commit, of which twelve digits are enough to find it. */
function toCommit(text: string): string | null {
  return /^[\da-f]{7,40}$/.test(text) && /\d/.test(text) && /[a-f]/.test(text) ? text.slice(0, 12) : null;
}

/** A file, with or without its line: `app/models/order.rb:42`; Ruby's `:in 'method'` is left out. */
function toPlace(text: string): string | null {
  const place = text.replace(/:in\b.*$/, '');
  const [, path = '', line = ''] = /^([\w.+~/\\-]+?)((?<=\.\w{1,6}):\d{1,6})?$/.exec(place) ?? [];
  return /[A-Za-z]/.test(path) ? `${hideMany(hideIds(path))}${line}` : null;
}

/** A template of paths: `/orders/:id`, `orders/<int:pk>/`; of a regular expression its named groups: `orders/<pk>/`. */
function toRoute(text: string): string | null {
  if (text.includes('://')) return null;
  const template = withoutExpressions(text.replace(/^[A-Z]{3,7} +/, ''));
  const [path = ''] = template.split(/[?#]/, 1);
  const shown = path
    .split('/')
    .map(toSegment)
    .join('/')
    .replace(/(?:\/\?){2,}$/, '/?');
  return hideMany(shown);
}

const namedGroup = /\(\?P?<(\w+)>(?:[^()[\]]|\[[^\]]*\]|\((?:[^()[\]]|\[[^\]]*\])*\))*\)/g;

function withoutExpressions(route: string): string {
  return route
    .replace(namedGroup, '<$1>')
    .replace(/^\^|(?:\$|\\Z)$/g, '')
    .replace(/\\([/.-])/g, '$1');
}

/** A parameter keeps its name; anything that is neither a parameter nor a plain word is hidden. */
function toSegment(segment: string): string {
  if (!/^[\w:<>{}.*()[\]$+~-]*$/.test(segment)) return '?';
  return hideIds(segment);
}

/** First by whole words with their hyphens, so that nothing is left of a UUID or a date, then by their parts. */
function hideIds(text: string): string {
  return text.replace(/[\w+~-]+/g, (word) => {
    const digits = word.match(/\d/g)?.length ?? 0;
    return digits > 2 || /[+~]/.test(word) ? '?' : word.replace(/[A-Za-z\d]+/g, hideId);
  });
}

/** Names hold a digit or two; where there are more in all, as in base64, no word with one is a name. */
function hideMany(text: string): string {
  const digits = text.match(/\d/g)?.length ?? 0;
  return digits > 2 ? text.replace(/[\w+~-]*\d[\w+~-]*/g, '?') : text;
}

/** `v1`, `oauth2` and `Base64` are words; `812`, `order812` and `deadbeef01` are not. */
function hideId(part: string): string {
  const digits = part.match(/\d/g)?.length ?? 0;
  const isId = digits > 2 || digits === part.length || part.length > longestPart;
  return isId || (digits > 0 && /^[\da-f]{8,}$/i.test(part)) ? '?' : part;
}
