import { describe, expect, it } from 'vitest';
import { matcherSchema, parseClientPattern, parsePattern } from '../../functions/contract/pattern.ts';

const network = (cidr: string) => ({ kind: 'network', cidr });
const wildcard = (text: string) => ({ kind: 'wildcard', text });
const expression = (source: string, ignoreCase = false) => ({ kind: 'expression', source, ignoreCase });

describe('a pattern', () => {
  it.each([
    ['celery', wildcard('celery')],
    ['celery*', wildcard('celery*')],
    ['a/b', wildcard('a/b')],
    ['a/b/', wildcard('a/b/')],
    ['/celery/', expression('celery')],
    ['/celery/i', expression('celery', true)],
    ['/a/b/', expression('a/b')],
    ['/a\nb/', expression('a\nb')],
    ['/(a+)+$/', expression('(a+)+$')],
    ['', null],
    ['x'.repeat(500), wildcard('x'.repeat(500))],
    ['x'.repeat(501), null],
    ['x'.repeat(1_000_000), null],
  ])('%.40j is read', (text, pattern) => {
    expect(parsePattern(text)).toEqual(pattern);
  });

  it.each([
    ['an empty expression', '//'],
    ['one slash', '/'],
    ['an expression never closed, which must not become a wildcard that protects nobody', '/celery'],
    ['a flag nobody knows', '/celery/g'],
    ['flags nobody knows', '/celery/gi'],
    ['a parenthesis never closed', '/(/'],
    ['a look-ahead, which no linear engine has', '/(?=a)/'],
    ['a back-reference, which no linear engine has', '/(a)\\1/'],
    ['a repetition that explodes', '/((a{100}){100}){100}/'],
    ['an expression too large to be compiled fast', '/(.*){1,1000}x/'],
  ])('%s is refused: %s', (_what, text) => {
    expect(parsePattern(text)).toBeNull();
    expect(parseClientPattern(text)).toBeNull();
  });
});

describe('a client', () => {
  it.each([
    ['10.0.0.7', network('10.0.0.7/32')],
    ['10.0.0.0/8', network('10.0.0.0/8')],
    ['0.0.0.0/0', network('0.0.0.0/0')],
    ['::1', network('::1/128')],
    ['2001:db8::/32', network('2001:db8::/32')],
    ['::ffff:10.0.0.0/104', network('::ffff:10.0.0.0/104')],
    ['10.0.*', wildcard('10.0.*')],
    ['2001:db8:*', wildcard('2001:db8:*')],
    ['worker-?.example', wildcard('worker-?.example')],
    ['localhost', wildcard('localhost')],
    ['/^10\\./', expression('^10\\.')],
    ['10.0.0.7:5432', null],
    ['[::1]:5432', null],
    ['[::1]', null],
    ['host:5432', null],
    ['10.0.0.0/33', null],
    ['2001:db8::/129', null],
    ['10.0.0.0/', null],
    ['10.0.0.0/255.0.0.0', null],
    ['10.0.0.256', null],
    ['10/8', null],
    ['10.1/16', null],
    ['10', null],
    ['010.0.0.1', null],
    ['010.0.0.0/8', null],
    ['', null],
  ])('%s', (text, pattern) => {
    expect(parseClientPattern(text)).toEqual(pattern);
  });
});

describe('a matcher', () => {
  it('takes one value or a list', () => {
    expect(matcherSchema.parse({ user: 'a', client: ['::1', 'b'] })).toEqual({
      user: [wildcard('a')],
      client: [network('::1/128'), wildcard('b')],
    });
  });
});
