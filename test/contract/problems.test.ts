import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseEnvironment } from '../../functions/contract/environment.ts';
import { parseEvent } from '../../functions/contract/event.ts';
import { describeProblem, formatPath, parseWith } from '../../functions/contract/problems.ts';
import { strictObject } from '../../functions/contract/strict-object.ts';

const secretSchema = strictObject({
  username: z.string(),
  password: z.string().max(5),
  port: z.int().optional(),
});

describe('parseWith', () => {
  it('gives the value that was read', () => {
    expect(parseWith(z.string(), 'a')).toEqual({ ok: true, value: 'a' });
  });

  it('shows no value of a secret, and no value of a key nobody knows', () => {
    const secret = { username: 5, password: 'hunter2-hunter2', port: 'hunter2', hunterKey: 'hunter2' };
    const parsed = parseWith(secretSchema, secret, 'secret');
    const shown = parseWith(strictObject({}), { password: 'hunter2' });
    expect(JSON.stringify([parsed, shown])).not.toContain('hunter2');
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([
      'username: expected text',
      'password: expected at most 5 characters',
      'port: expected a number',
      'hunterKey: unknown key, expected one of: username, password, port',
    ]);
  });

  it('says of a secret’s key that it is missing', () => {
    const parsed = parseWith(secretSchema, {}, 'secret');
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([
      'username: missing, expected text',
      'password: missing, expected text',
    ]);
  });

  it('tells the keys of a record that may not be', () => {
    const parsed = parseWith(z.record(z.string().regex(/^[a-z]+$/, { error: 'letters' }), z.string()), {
      A: 'x',
    });
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual(['A: "A" found, expected letters']);
  });
});

describe('the library’s own words never come through', () => {
  it.each([
    [z.string(), 5, 'text'],
    [z.number(), 'x', 'a number'],
    [z.int(), 1.5, 'a whole number'],
    [z.boolean(), 'x', 'true or false'],
    [z.array(z.string()), 'x', 'a list'],
    [z.object({}), 'x', 'an object'],
    [z.record(z.string(), z.string()), 'x', 'an object'],
    [z.enum(['a', 'b']), 'x', 'one of: a | b'],
    [z.literal(1), 'x', 'one of: 1'],
    [z.string().max(1), 'xx', 'at most 1 characters'],
    [z.string().min(3), 'xx', 'at least 3 characters'],
    [z.array(z.string()).max(1), ['a', 'b'], 'at most 1 entries'],
    [z.number().min(3), 1, 'at least 3'],
    [z.string().regex(/^a/), 'x', 'another value'],
    [z.union([z.string(), z.number()]), true, 'another value'],
    [z.strictObject({}), { a: 1 }, 'only known keys'],
  ] satisfies [z.ZodType, unknown, string][])('%#', (schema, value, expected) => {
    const parsed = parseWith(schema, value);
    expect(parsed.ok ? null : parsed.problems[0]?.expected).toBe(expected);
  });
});

describe('formatPath', () => {
  it.each([
    [[], '(root)'],
    [['policies', 'web', 'rules', 2, 'for'], 'policies.web.rules[2].for'],
    [[0, 'a'], '[0].a'],
    [['UNLEAK_TOPIC_ARN'], 'UNLEAK_TOPIC_ARN'],
    [['a', 'b.c'], 'a["b.c"]'],
    [['a\nb'], '["a\\nb"]'],
    [['a\u2028\u202eb'], '["a\\u{2028}\\u{202e}b"]'],
    [['__proto__'], '__proto__'],
    [['x'.repeat(1_000_000)], `["${'x'.repeat(78)}…]`],
  ] satisfies [(string | number)[], string][])('%.40j', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

/** Deeper than any recursion survives. */
function nest(depth: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
}

const endless: unknown[] = [];
endless.push(endless);

const hostile: readonly (readonly [what: string, value: unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['NaN', Number.NaN],
  ['a number of another kind', 10n],
  ['a symbol', Symbol('x')],
  ['a function', () => 1],
  ['a key __proto__', JSON.parse('{"__proto__":{"polluted":true}}')],
  ['keys of every object', { constructor: 1, toString: 2, hasOwnProperty: 3, then: 4 }],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 })],
  ['a million characters', 'x'.repeat(1_000_000)],
  ['a key of a million characters', { ['x'.repeat(1_000_000)]: 1 }],
  ['a hundred thousand levels', nest(100_000)],
  ['a value that holds itself', endless],
  ['controls', '\u001b[2J\r\n\u2028\ud800'],
  ['a list of a hundred thousand', Array.from({ length: 100_000 }, () => 1)],
];

/** Places in an event where a value can be put. */
const places: readonly ((value: unknown) => unknown)[] = [
  (value) => value,
  (target) => ({ version: 1, target, policy: target, notify: target, tick: target }),
  (value) => ({
    version: 1,
    target: {
      name: value,
      engine: value,
      host: value,
      port: value,
      database: value,
      secret: value,
      mode: value,
      tls: value,
    },
  }),
  (rules) => ({ policy: { rules, protect: rules, lift: rules, caps: rules } }),
  (rule) => ({
    policy: { rules: [rule], protect: [rule], lift: [rule], caps: { perSweep: rule, share: rule } },
  }),
  (value) => ({
    policy: {
      rules: [
        {
          name: value,
          state: value,
          for: value,
          match: value,
          except: value,
          group: value,
          keep: value,
          most: value,
          utilization: value,
          action: value,
        },
      ],
    },
  }),
  (value) => ({
    policy: {
      rules: [
        {
          match: { user: value, client: value },
          except: { client: [value] },
          keep: { newest: value },
          utilization: { above: value },
        },
      ],
    },
  }),
  (value) => ({ tick: { scheduledTime: value, attempt: value }, notify: { when: value, coolDown: value } }),
];

describe('hostile values', () => {
  it.each(hostile)('%s gives problems in short, printable lines, wherever it stands', (_what, value) => {
    for (const place of places) {
      const parsed = parseEvent(place(value));
      expect(parsed.ok).toBe(false);
      for (const problem of parsed.ok ? [] : parsed.problems) {
        const line = describeProblem(problem);
        if (line.length > 600 || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(line))
          expect.fail(line.slice(0, 600));
      }
    }
    expect({}).not.toHaveProperty('polluted');
  });

  it('anything at all is read or told, never thrown, in our own words', () => {
    const keys = fc.constantFrom(
      'version',
      'target',
      'policy',
      'rules',
      'name',
      'state',
      'for',
      'match',
      'user',
      'keep',
      'tick',
      '__proto__',
    );
    const anything = fc.anything({ key: keys, maxDepth: 6, withBigInt: true, withNullPrototype: true });
    fc.assert(
      fc.property(anything, fc.nat(places.length - 1), (value, place) => {
        const parsed = parseEvent(places[place]?.(value));
        for (const problem of parsed.ok ? [] : parsed.problems)
          expect(describeProblem(problem)).not.toMatch(/expected (?:Invalid|Too|Unrecognized)/);
      }),
      { seed: 20_260_101, numRuns: 500 },
    );
  });
});

describe('the environment', () => {
  const topic = 'arn:aws:sns:eu-central-1:123456789012:unleak';

  it('is read, with what is not ours ignored', () => {
    expect(
      parseEnvironment({ UNLEAK_TOPIC_ARN: topic, PATH: '/bin', UNLEAK_HISTORY_BUCKET: 'a-bucket' }),
    ).toMatchObject({
      ok: true,
      value: { topicArn: topic, historyBucket: 'a-bucket' },
    });
    expect(parseEnvironment({ UNLEAK_TOPIC_ARN: topic })).toMatchObject({
      ok: true,
      value: { historyBucket: null },
    });
  });

  it.each([
    ['https://example.com', 'https://example.com'],
    ['https://example.com:8443/docs', 'https://example.com:8443/docs'],
    ['http://example.com', null],
    ['not a link', null],
  ])('takes the link %s as %s: a bad one stops no sweep', (given, docsUrl) => {
    expect(parseEnvironment({ UNLEAK_TOPIC_ARN: topic, UNLEAK_DOCS_URL: given })).toMatchObject({
      ok: true,
      value: { docsUrl },
    });
  });

  it('tells what is missing or wrong', () => {
    const parsed = parseEnvironment({ UNLEAK_HISTORY_BUCKET: 'A' });
    expect(parsed.ok ? [] : parsed.problems.map(describeProblem)).toEqual([
      'UNLEAK_TOPIC_ARN: missing, expected the ARN of an SNS topic',
      'UNLEAK_HISTORY_BUCKET: "A" found, expected the name of an S3 bucket',
    ]);
  });
});

describe('a password that an ordinary mistake puts into an event', () => {
  const event = (target: object) => ({
    version: 1,
    target: { name: 'a', engine: 'postgres', secret: 's', ...target },
    policy: 3,
  });

  it.each([
    { secret: { username: 'u', password: 'hunter2' } },
    { secret: 'postgres://u:hunter2@h/db' },
    { host: 'postgres://u:hunter2@h/db' },
    { host: 'u:hunter2@h' },
    { tls: { ca: 'hunter2' } },
    { tls: { password: 'hunter2' } },
    { engine: 'postgres://u:hunter2@h/db' },
    { database: { url: 'postgres://u:hunter2@h/db' } },
    { port: { password: 'hunter2' } },
  ])('is not shown: %j', (target) => {
    const parsed = parseEvent(event(target));
    expect(parsed.ok).toBe(false);
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });
});
