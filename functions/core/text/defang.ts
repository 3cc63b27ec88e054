/* Mail clients, phones and chats make links and telephone numbers of plain text. Nobody outside should be able to put one
   into our notifications under a name, so what they would recognise is broken up, visibly and without losing a character. */

const dots = '[.\\u3002\\uff0e\\uff61\\u2024]';
const inHost = '[\\p{L}\\p{N}_-]';

/** A name that a client, a user or a server gave, without anything that is made a link or a number to call. */
export function defangName(name: string): string {
  return splitNumbers(withoutSchemes(name)).replace(dotInName, (dot) => `[${dot}]`);
}

/**
 * Prose and statements that may hold such names. Only what is surely an address is broken up: `o.id` and `mysql.user` stay as
 * they can be searched for and pasted, although the first is a domain somewhere.
 */
export function defangProse(text: string): string {
  return withoutSchemes(text)
    .replace(hostRun, (run) => (isAddress(run) ? run.replace(anyDot, (dot) => `[${dot}]`) : run))
    .replace(callable, splitRun);
}

const dotInName = new RegExp(`(?<=${inHost}|[)\\]])${dots}(?=\\p{L})`, 'gu');
const anyDot = new RegExp(dots, 'gu');
const hostRun = new RegExp(`${inHost}+(?:${dots}${inHost}+)+`, 'gu');

/** Domains that are seldom the names of columns; those that are (id, name, info, email) are left to the reader. */
const domains: ReadonlySet<string> = new Set(
  (
    'com net org edu gov mil io co app dev ai gg xyz online club vip icu cc tv ru cn su tk ml ga cf gq pw biz zip mov cloud ' +
    'website tech shop store digital agency finance uk eu de fr nl ch br jp kr au ca'
  ).split(' '),
);

/** `www.` anywhere, or a known domain after the first part: `shop.orders` is a table. */
function isAddress(run: string): boolean {
  const [first = '', ...rest] = run.toLowerCase().split(anyDot);
  return first === 'www' || rest.some((label) => domains.has(label) || label.startsWith('xn--'));
}

function withoutSchemes(text: string): string {
  return text
    .replaceAll('://', ':[//]')
    .replace(/\b(mailto|tel|sms|callto|skype|facetime|whatsapp|xmpp|sip|geo|data|javascript):/giu, '$1[:]');
}

/** Seven digits or more, as people write telephone numbers; four parts of at most three digits are an address. */
const numbers = /(?<![\p{L}\p{N}_.-])\+?\(?\d[\d ()./-]{5,}\d(?![\p{L}\p{N}_])/gu;
/** In prose only what is written as people write a number: dates and amounts are not. */
const callable =
  /\+\(?\d[\d ()./-]{5,}\d|(?<![\w.:-])0\d[\d ()/-]{5,}\d(?![\w:])|(?<![\w-])(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}(?![\w-])/g;
const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/;

function splitNumbers(text: string): string {
  return text.replace(numbers, splitRun);
}

/** `+49 30 1234567` becomes `+49_30_1234_567`. */
function splitRun(run: string): string {
  if (run.replace(/\D/g, '').length < 7 || ipv4.test(run)) return run;
  const parts = (run.match(/\d+/g) ?? []).flatMap((digits) => digits.match(/\d{1,4}/g) ?? []);
  return `${run.startsWith('+') ? '+' : ''}${parts.join('_')}`;
}
