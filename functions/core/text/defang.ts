import { splitNumbersInName, splitNumbersInProse } from './split-numbers.ts';
import { sureDomains, wordDomains } from './top-domains.ts';

/* Mail clients, phones and chats make links and telephone numbers of plain text. Nobody outside should be able to put one
   into our notifications under a name, so what they would recognise is broken up, visibly and without losing a character. */

const dots = '[.\\u3002\\uff0e\\uff61\\u2024\\ufe52]';
const slash = '[/\\\\\\u2044\\u2215\\u29f8\\uff0f]';
const inHost = '[\\p{L}\\p{M}\\p{N}_-]';
/** What makes a path of an address: `/login`, `:8080/x`, `?q`. */
const path = `(?=(?::\\d{1,5})?(?:${slash}|[?#][\\p{L}\\p{N}]))`;
const networkSize = `/\\d{1,2}(?![\\p{L}\\p{N}/])`;

/** A name that a client, a user or a server gave, without anything that is made a link or a number to call. */
export function defangName(name: string): string {
  return splitNumbersInName(breakAddresses(breakSchemes(name))).replace(dotInName, breakDot);
}

/**
 * Prose and statements that may hold such names. Only what is surely an address is broken up: `o.id` and `mysql.user` stay as
 * they can be searched for and pasted, although the first is a domain somewhere.
 */
export function defangProse(text: string): string {
  const clear = breakAddresses(breakSchemes(text))
    .replace(quoted, (part) => breakHosts(part, wordDomains))
    .replace(hostWithPath, (run) => (isDomainOfPath(run) ? breakDots(run) : run));
  return splitNumbersInProse(breakHosts(clear, sureDomains));
}

const dotInName = new RegExp(`(?<=${inHost}|[)\\]])${dots}(?=\\p{L})`, 'gu');
const anyDot = new RegExp(dots, 'gu');
const hostRun = new RegExp(`${inHost}+(?:${dots}${inHost}+)+`, 'gu');
/** Not within a path: `/srv/shop.live/x` is a folder. */
const hostWithPath = new RegExp(`(?<!${slash}|${inHost}|${dots})${hostRun.source}${path}`, 'gu');
const address = new RegExp(
  `(?<![\\p{L}\\p{N}.])\\d{1,3}(?:${dots}\\d{1,3}){3}(?!${networkSize})${path}|(?<=[\\p{L}\\p{N}_%+-]@)${hostRun.source}`,
  'gu',
);
/** A name in quotes within a statement: no more of it than one line holds. */
const quoted = /"[^"]{1,400}"|`[^`]{1,400}`/g;

/** Numbers with a path, and whatever follows an @: links in every context. */
function breakAddresses(text: string): string {
  return text.replace(address, breakDots);
}

function breakHosts(text: string, domains: ReadonlySet<string>): string {
  return text.replace(hostRun, (run) => (isAddress(run, domains) ? breakDots(run) : run));
}

/** `www.` anywhere, or a known domain after the first part: `shop.orders` is a table. */
function isAddress(run: string, domains: ReadonlySet<string>): boolean {
  const [first = '', ...rest] = run.toLowerCase().split(anyDot);
  return first === 'www' || rest.some((label) => domains.has(label) || label.startsWith('xn--'));
}

/** Every country has two letters, and what is not ASCII is no column that somebody divides. */
function isDomainOfPath(run: string): boolean {
  const last = run.toLowerCase().split(anyDot).at(-1) ?? '';
  return /^\p{L}{2}$|^[^\p{ASCII}]+$/u.test(last) ? !fileEndings.has(last) : wordDomains.has(last);
}

/** Also two letters, and more often a file: `manage.py/8`. */
const fileEndings: ReadonlySet<string> = new Set('py rb js ts go rs cs'.split(' '));

function breakSchemes(text: string): string {
  return text
    .replace(scheme, '$1[$2]')
    .replace(
      /\b(mailto|tel|sms|smsto|callto|skype|facetime|whatsapp|xmpp|sips?|geo|data|javascript):/giu,
      '$1[:]',
    );
}

const scheme = new RegExp(`([:\\uff1a])(${slash}{2,})`, 'gu');

function breakDots(run: string): string {
  return run.replace(anyDot, breakDot);
}

function breakDot(dot: string): string {
  return `[${dot}]`;
}
