/* Telephones and mail programs make numbers to call of digits with almost anything between them, but not of `_`. */

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';

/** SQL and people need these as they are: addresses, host names made of them, numbers of objects, instants. */
const kept = [
  '(?<![\\p{L}\\p{N}])\\d{1,3}(?:\\[[^\\p{L}\\p{N}]\\]\\d{1,3}){3}(?::\\d{1,5})?', // broken up already
  `(?<![\\p{L}\\p{N}.])${octet}(?:\\.${octet}){3}(?:/\\d{1,2})?(?::\\d{1,5})?(?![\\p{L}\\p{N}])(?!\\.\\d)`,
  `(?<![\\p{L}\\p{N}])ip(?:-${octet}){4}(?![\\p{L}\\p{N}])(?!-\\d)`,
  '(?<![\\da-fA-F:])(?:(?:[\\da-fA-F]{1,4}:){7}[\\da-fA-F]{1,4}|[\\da-fA-F]{1,4}(?::[\\da-fA-F]{1,4})*::(?:[\\da-fA-F]{1,4}(?::[\\da-fA-F]{1,4})*)?)(?![\\p{L}\\p{N}:])',
  '(?<![\\da-fA-F])[\\da-fA-F]{8}(?:-[\\da-fA-F]{4}){3}-[\\da-fA-F]{12}(?![\\da-fA-F])',
  '(?<![\\p{L}\\p{N}])(?:19|20)\\d\\d-[01]\\d-[0-3]\\d(?:[T ][0-2]\\d:[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?Z?)?(?![\\p{L}\\p{N}])',
].join('|');
const between = '(?:[^\\p{L}\\p{N}_]{0,3}|[xX])';
const inNames = new RegExp(`(${kept})|[+＋]?[(（[]?\\p{Nd}(?:${between}\\p{Nd}){6,}`, 'gu');

/** In prose only what is written as people write a number: dates, amounts and the numbers of sessions are not. */
const separator = '[^\\p{L}\\p{N}_\\s:,]';
const inProse = new RegExp(
  [
    `(${kept})`,
    `[+＋][(（]?\\p{Nd}(?:${between}\\p{Nd}){6,}`,
    '(?<![\\p{L}\\p{N}_.:-])0\\d[\\d ()/*~\\u2010-\\u2015-]{5,}\\d(?![\\p{L}\\p{N}_:])',
    `(?<![\\p{L}\\p{N}_])(?:1(?:${separator}| ))?[(（]?\\d{3}(?:[)）] ?|${separator}| )\\d{3}(?:${separator}| )\\d{4}(?![\\p{L}\\p{N}_])`,
    `(?<=\\p{L}${separator})\\d{7,}`,
  ].join('|'),
  'gu',
);

/** Seven digits or more in a name, whatever stands between them. */
export function splitNumbersInName(name: string): string {
  return name.replace(inNames, splitRun);
}

/** The same in prose, for what is surely a number to call. */
export function splitNumbersInProse(text: string): string {
  return text.replace(inProse, splitRun);
}

/** `+49 30 1234567` becomes `+49_30_1234_567`. */
function splitRun(run: string, keptRun: string | undefined): string {
  if (keptRun !== undefined) return run;
  const parts = (run.match(/\p{Nd}+/gu) ?? []).flatMap((digits) => digits.match(/\p{Nd}{1,4}/gu) ?? []);
  return `${/^[+＋]/.test(run) ? '+' : ''}${parts.join('_')}`;
}
