import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dialect, removeLiterals } from '../../functions/core/text/statement.ts';

const both: readonly Dialect[] = ['postgres', 'mysql'];

const cases: readonly (readonly [what: string, dialects: readonly Dialect[], sql: string, shown: string])[] =
  [
    ['a string', both, "SELECT * FROM t WHERE a = 'x y'", 'SELECT * FROM t WHERE a = ?'],
    ['a doubled quote', both, "SELECT 'it''s', b", 'SELECT ?, b'],
    ['an empty string', both, "SELECT '', b", 'SELECT ?, b'],
    ['a string the server cut', both, "SELECT a, 'secr", 'SELECT a, ?'],
    ['a string cut after a backslash', both, "SELECT a, 'secr\\", 'SELECT a, ?'],
    ['a backslash inside', both, "SELECT 'a\\nb', c", 'SELECT ?, c'],
    ['an escaped backslash at the end', both, "SELECT 'C:\\\\', c", 'SELECT ?, c'],
    ['a quote that may be escaped', both, "SELECT 'it\\'s secret', 'more', c", 'SELECT ?…'],
    [
      'numbers',
      both,
      'SELECT 1, -2.5, .5, 1e10, 1.5E-3, 0xDEADbeef FROM t',
      'SELECT ?, -?, ?, ?, ?, ? FROM t',
    ],
    ['numbers in names', both, 'SELECT col1 FROM table_2', 'SELECT col1 FROM table_2'],
    ['hex and bits', both, "SELECT x'1F', B'01', X'aa'", 'SELECT ?, ?, ?'],
    ['national strings', both, "SELECT N'secret'", 'SELECT ?'],
    ['white space', both, '  SELECT\r\n\t1 ,\n\n  a  ', 'SELECT ? , a'],
    ['block comments', both, "SELECT /* user='bob' */ a", 'SELECT a'],
    ['a comment the server cut', both, 'SELECT a /* traceparent=00-12', 'SELECT a'],
    ['line comments', both, 'SELECT a -- token\nFROM t', 'SELECT a FROM t'],
    ['passwords', both, "ALTER ROLE bob PASSWORD 'pw'", 'ALTER ROLE bob PASSWORD ?'],
    ['nothing', both, '', ''],
    ['names beyond ASCII', both, 'SELECT größe2 FROM 表1', 'SELECT größe2 FROM 表1'],
    ['escape strings', ['postgres'], "SELECT E'it\\'s', e'\\\\', b", 'SELECT ?, ?, b'],
    ['unicode strings', ['postgres'], "SELECT U&'d\\0061t', b", 'SELECT ?, b'],
    ['dollar quotes', ['postgres'], "DO $$ secret 'x' $$; SELECT a", 'DO ?; SELECT a'],
    ['tagged dollar quotes', ['postgres'], 'SELECT $f$ a $$ b $g$ $f$, b', 'SELECT ?, b'],
    ['dollar quotes the server cut', ['postgres'], 'SELECT a, $f$ secret $', 'SELECT a, ?'],
    ['casts', ['postgres'], "SELECT '2020-01-01'::date", 'SELECT ?::date'],
    [
      'parameters',
      ['postgres'],
      'SELECT * FROM t WHERE id = $1 AND b = $22',
      'SELECT * FROM t WHERE id = $1 AND b = $22',
    ],
    ['quoted names', ['postgres'], 'SELECT "a ""b"" 1" FROM t', 'SELECT "a ""b"" 1" FROM t'],
    ['a quoted name with a quote', ['postgres'], `SELECT "o'clock", 'x'`, `SELECT "o'clock", ?`],
    ['nested comments', ['postgres'], 'SELECT /* a /* b */ secret */ c', 'SELECT c'],
    ['a string continued', ['postgres'], "SELECT E'a'\n'b\\'secret', 'x'", 'SELECT ? ?…'],
    ['strings in double quotes', ['mysql'], 'SELECT "a ""b"" x", c', 'SELECT ?, c'],
    ['escapes in double quotes', ['mysql'], 'SELECT "a\\"secret", c', 'SELECT ?…'],
    ['names in backticks', ['mysql'], "SELECT `it's 1` FROM `t`", "SELECT `it's 1` FROM `t`"],
    ['hash comments', ['mysql'], 'SELECT a # secret\nFROM t', 'SELECT a FROM t'],
    ['two minus signs', ['mysql'], 'SELECT 5--3, a', 'SELECT ?--?, a'],
    ['introducers', ['mysql'], "SELECT _utf8mb4'x', b", 'SELECT _utf8mb4?, b'],
    ['variables', ['mysql'], 'SELECT @@version1, @a2', 'SELECT @@version1, @a2'],
    ['accounts', ['mysql'], "CREATE USER 'a'@'%' IDENTIFIED BY 'x'", 'CREATE USER ?@? IDENTIFIED BY ?'],
    ['set password', ['mysql'], 'SET PASSWORD = "x"', 'SET PASSWORD = ?'],
    ['a comment in a comment', ['mysql'], "SELECT a /* /* */ 'x */ secret' , b", 'SELECT a…'],
  ];

describe('removeLiterals', () => {
  for (const [what, dialects, sql, shown] of cases)
    it.each(dialects)(`${what} on %s`, (dialect) => {
      expect(removeLiterals(sql, dialect)).toBe(shown);
    });

  it.each(both)('keeps 4,096 characters and cuts 4,097 on %s', (dialect) => {
    const name = 'a'.repeat(4_096);
    expect(removeLiterals(name, dialect)).toBe(name);
    expect(removeLiterals(`${name}b`, dialect)).toBe(`${'a'.repeat(4_095)}…`);
  });

  it.each(both)('does not cut a character in two on %s', (dialect) => {
    expect(removeLiterals(`${'a'.repeat(4_094)}😀bc`, dialect)).toBe(`${'a'.repeat(4_094)}…`);
  });

  it.each(both)('reads a hostile megabyte quickly and without an error on %s', (dialect) => {
    for (const unit of [
      "'",
      '"',
      '`',
      '$',
      '$a',
      '/*',
      '*/',
      '\\',
      "'\\",
      '1e',
      '1.',
      '-- ',
      'E\\',
      '\u0000',
    ])
      expect(removeLiterals(unit.repeat(1_000_000 / unit.length), dialect).length).toBeLessThanOrEqual(4_096);
  });
});

const secret = 'zqsecretqz';

/** Literals around a secret, with anything beside it that their kind of quoting can carry. */
function literals(dialect: Dialect): fc.Arbitrary<string> {
  const beside = fc.string({
    unit: fc.constantFrom('a', ' ', "'", '"', '`', '\\', '$', '-', '/', '*', '#', '\n', ';'),
    maxLength: 6,
  });
  const content = fc.tuple(beside, beside).map(([before, after]) => `${before}${secret}${after}`);
  const quoted = (quote: string) =>
    content.map((text) => `${quote}${text.replaceAll(quote, quote + quote)}${quote}`);
  const escaped = (open: string, quote: string) =>
    content.map((text) => `${open}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`);
  const comment = content.map((text) => `/*${text.replace(/[*/]/g, '')}*/`);
  const number = fc.nat().map((value) => `${value}${secret}`);
  return dialect === 'postgres'
    ? fc.oneof(
        quoted("'"),
        escaped("E'", "'"),
        content.map((text) => `$q$${text.replaceAll('$', '')}$q$`),
        comment,
        number,
      )
    : fc.oneof(quoted("'"), quoted('"'), escaped("'", "'"), escaped('"', '"'), comment, number);
}

describe.each(both)('for any statement, on %s', (dialect) => {
  const code = fc.constantFrom(
    'SELECT',
    ', ',
    ' = ',
    ' col1 ',
    '(',
    ')',
    '::text ',
    '\n',
    ' -5 ',
    "''",
    ' "n" ',
  );
  const statement = fc.array(
    fc.oneof(
      code,
      literals(dialect).map((text) => ` ${text} `),
    ),
    { maxLength: 12 },
  );

  it("no literal's content survives", () => {
    fc.assert(
      fc.property(statement, (pieces) => {
        expect(removeLiterals(pieces.join(''), dialect)).not.toContain(secret);
      }),
      { numRuns: 2_000 },
    );
  });

  it('nor when the server cuts the statement anywhere', () => {
    fc.assert(
      fc.property(statement, fc.nat(), (pieces, at) => {
        const sql = pieces.join('');
        expect(removeLiterals(sql.slice(0, sql.length === 0 ? 0 : at % sql.length), dialect)).not.toContain(
          secret,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives one line of at most 4,096 characters for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 6_000 }), (sql) => {
        const shown = removeLiterals(sql, dialect);
        expect(shown.length).toBeLessThanOrEqual(4_096);
        expect(shown).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
