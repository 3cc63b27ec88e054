import type { Tags } from '../../contract/tag-names.ts';
import { readTags } from './read-tags.ts';
import { hideUnquotedValues } from './unquoted-values.ts';

/** Whose lexical rules a statement follows; MariaDB reads as MySQL does. */
export type Dialect = 'postgres' | 'mysql';

/** From where to go on reading, and what people see in the place of what was read; end null hides all that follows. */
interface Piece {
  readonly end: number | null;
  readonly shown: string;
}

type Reader = (sql: string, at: number) => Piece | null;

const longestRead = 16_384;
const longestKept = 4_096;
const letter = 'A-Za-z_\\u0080-\\uffff';

// A statement may be cut by the server anywhere, so everything that opens may also end with the text. No pattern can
// match in two ways, so none backtracks.
const plainString = (quote: string) => `${quote}[^${quote}]*(?:${quote}${quote}[^${quote}]*)*(?:${quote}|$)`;
const escapedString = (quote: string) =>
  `${quote}[^${quote}\\\\]*(?:(?:\\\\[^]|${quote}${quote})[^${quote}\\\\]*)*(?:${quote}|\\\\?$)`;

const identifier = `[${letter}@][\\w$@\\u0080-\\uffff]*`;
// Most of a statement is names and what stands between them; read in one go it costs a fraction.
const harmless = keep(
  `(?:(?![bBeExXnN]'|[uU]&')${identifier}|[\\s,()=*+<>;:!%^&|~?\\[\\]]+|-(?!-)|\\/(?!\\*)|\\.(?!\\d))+`,
);
const number = replace('\\.?\\d[\\w.]*(?:(?<=[eE])[+-]\\d+)?', '?');
const anything = keep('[^]');

const readers: Readonly<Record<Dialect, readonly Reader[]>> = {
  postgres: [
    harmless,
    number,
    replace('--[^\\r\\n]*', ' '),
    blockComment({ nests: true }),
    replace(`[eE]${escapedString("'")}`, '?'),
    eitherString("(?:[bBxXnN]|[uU]&)?(?=')", "'"),
    replace(`\\$((?:[${letter}][\\w\\u0080-\\uffff]*)?)\\$[^]*?(?:\\$\\1\\$|$)`, '?'),
    keep(plainString('"')),
    keep('\\$\\d+'),
    anything,
  ],
  mysql: [
    harmless,
    number,
    replace('(?:#|--(?=[\\s\\x00-\\x1f]|$))[^\\r\\n]*', ' '),
    blockComment({ nests: false }),
    eitherString("[bBxXnN]?(?=')", "'"),
    eitherString('(?=")', '"'),
    keep(plainString('`')),
    anything,
  ],
};

/**
 * The statement in one line of at most 4,096 characters, without comments and with `?` for every literal. Where the
 * server's settings decide how far a literal or comment reaches (`'it\'s'`), everything after it is hidden as well. What is
 * not the whole statement, which the server may have cut already, ends with `…`.
 */
export function removeLiterals(sql: string, dialect: Dialect, isCut = false): string {
  return readStatement(sql, dialect, isCut).statement;
}

/** A statement as removeLiterals shows it, and what its first and last comments say of the program, of allowed keys only. */
export interface ReadStatement {
  readonly statement: string;
  readonly tags: Tags;
}

/** Reads both at once, since only the lexer knows what is a comment and what a literal that looks like one. */
export function readStatement(sql: string, dialect: Dialect, isCut = false): ReadStatement {
  const source = sql.slice(0, longestRead);
  const comments = new OuterComments();
  let text = '';
  let at: number | null = 0;
  while (at !== null && at < source.length) {
    const piece = readPiece(source, at, readers[dialect]);
    comments.add(source.slice(at, piece.end ?? at), piece.shown);
    text += piece.shown;
    at = piece.end;
  }
  const line = text.replace(/\s+/g, ' ').trim();
  const isPart = isCut || at === null || sql.length > longestRead;
  return { statement: shorten(hideUnquotedValues(line), isPart), tags: comments.toTags() };
}

/** The comments before the first word of a statement and after its last. */
class OuterComments {
  private readonly first: string[] = [];
  private last: string[] = [];
  private hasBegun = false;

  add(piece: string, shown: string): void {
    if (piece.startsWith('/*')) (this.hasBegun ? this.last : this.first).push(piece);
    else if (/[^\s;]/.test(shown)) {
      this.hasBegun = true;
      this.last = [];
    }
  }

  toTags(): Tags {
    const tags = [...this.first, ...this.last].map((comment) => {
      const isClosed = comment.length >= 4 && comment.endsWith('*/');
      return readTags(isClosed ? comment.slice(2, -2) : comment.slice(2), !isClosed);
    });
    return Object.assign({}, ...tags) as Tags;
  }
}

function readPiece(sql: string, at: number, candidates: readonly Reader[]): Piece {
  for (const read of candidates) {
    const piece = read(sql, at);
    if (piece) return piece;
  }
  return { end: at + 1, shown: '?' };
}

function shorten(text: string, isCut: boolean): string {
  if (text.length <= longestKept && !isCut) return text;
  const kept = text.slice(0, longestKept - 1).replace(/[\ud800-\udbff]$/, '');
  return `${kept}${cutMark}`;
}

/** What a statement ends with of which the rest is not known. */
export const cutMark = '…';

function keep(pattern: string): Reader {
  const find = matcher(pattern);
  return (sql, at) => {
    const end = find(sql, at);
    return end === null ? null : { end, shown: sql.slice(at, end) };
  };
}

function replace(pattern: string, shown: string): Reader {
  const find = matcher(pattern);
  return (sql, at) => {
    const end = find(sql, at);
    return end === null ? null : { end, shown };
  };
}

/** A string whose backslashes may or may not escape: `standard_conforming_strings`, NO_BACKSLASH_ESCAPES. */
function eitherString(prefix: string, quote: string): Reader {
  const findPlain = matcher(prefix + plainString(quote));
  const findEscaped = matcher(prefix + escapedString(quote));
  return (sql, at) => {
    const end = findPlain(sql, at);
    if (end === null) return null;
    return { end: end === findEscaped(sql, at) ? end : null, shown: '?' };
  };
}

/** PostgreSQL nests comments; MySQL does so in some (`/*!`), so there a comment in a comment leaves doubt. */
function blockComment(options: { readonly nests: boolean }): Reader {
  const findShortest = matcher('\\/\\*[^]*?(?:\\*\\/|$)');
  return (sql, at) => {
    const shortest = findShortest(sql, at);
    if (shortest === null) return null;
    const nested = endOfNestedComment(sql, at);
    return { end: options.nests || nested === shortest ? nested : null, shown: ' ' };
  };
}

function endOfNestedComment(sql: string, start: number): number {
  let depth = 0;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  for (let found = edge.exec(sql); found; found = edge.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return sql.length;
}

function matcher(pattern: string): (sql: string, at: number) => number | null {
  const sticky = new RegExp(pattern, 'y');
  return (sql, at) => {
    sticky.lastIndex = at;
    return sticky.test(sql) ? sticky.lastIndex : null;
  };
}
