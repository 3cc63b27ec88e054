import { TextDecoder } from 'node:util';

/** SQL for the bytes of a text, in the encoding that the server has them in. */
export function bytesOf(text: string): string {
  return `pg_catalog.textsend((${text})::pg_catalog.text)`;
}

/** SQL for bytes in ASCII: those above 127 as `\ooo`, backslashes doubled. */
export function escaped(bytes: string): string {
  return `pg_catalog.encode(${bytes}, 'escape')`;
}

/**
 * SQL for a text of another session, for `readText`. It reads no characters, so bytes that are none in the encoding of the
 * database cannot fail the statement (22021, 22P05); our client_encoding leaves them as they are.
 */
export function rawText(text: string): string {
  return escaped(bytesOf(text));
}

/** The encodings of PostgreSQL that a TextDecoder has under another name; LATIN1 and the like follow ISO 8859. */
const labels: Readonly<Record<string, string>> = {
  LATIN5: 'iso-8859-9',
  LATIN6: 'iso-8859-10',
  LATIN7: 'iso-8859-13',
  LATIN8: 'iso-8859-14',
  LATIN9: 'iso-8859-15',
  LATIN10: 'iso-8859-16',
  EUC_CN: 'gbk',
  EUC_JIS_2004: 'euc-jp',
  WIN866: 'ibm866',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
};

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text that `escaped` gave: as UTF-8 where it is that, else in the encoding of its database, named as PostgreSQL does. Bytes
 * that mean nothing in it become U+FFFD.
 */
export function readText(raw: string, encoding: string | null): string {
  if (!raw.includes('\\')) return raw;
  const bytes = toBytes(raw);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return decoderOf(encoding).decode(bytes);
  }
}

function toBytes(raw: string): Buffer {
  const unescaped = raw.replace(/\\(?:\\|([0-7]{3}))/g, (_all, octal: string | undefined) =>
    octal === undefined ? '\\' : String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(unescaped, 'latin1');
}

function decoderOf(encoding: string | null): TextDecoder {
  const name = encoding ?? 'UTF8';
  const label = labels[name] ?? name.replace(/^WIN(?=\d)/, 'windows-').replaceAll('_', '-');
  try {
    return new TextDecoder(label);
  } catch {
    return utf8; // SQL_ASCII, and the few that a TextDecoder does not have
  }
}
