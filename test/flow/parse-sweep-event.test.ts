import { describe, expect, test } from 'vitest';
import { nameEngine, nameTarget, parseSweepEvent } from '../../functions/flow/parse-sweep-event.ts';

const event = {
  version: 1,
  target: { name: 'orders', engine: 'postgres', secret: 'prod/orders' },
  policy: { rules: [{ name: 'leak', state: 'idle', for: '10m' }] },
};

describe('an event', () => {
  test('is a dry run with verified TLS that tells changes, unless it says otherwise', () => {
    expect(parseSweepEvent(event)).toMatchObject({
      target: { mode: 'dry-run', tls: 'rds', host: null },
      notifySettings: { when: 'change', coolDownMs: 6 * 3_600_000, waitingMs: 30_000 },
    });
  });

  test('with mistakes is a Config fault that names each of them', () => {
    const wrong = {
      version: 2,
      target: { name: 'Orders', engine: 'oracle', secret: '', mode: 'on', colour: 'red' },
      policy: { rules: [{ name: 'leak', state: 'sleeping', for: 'soon' }], caps: { perSweep: 0 } },
    };
    expect(() => parseSweepEvent(wrong)).toThrow(
      expect.objectContaining({ kind: 'Config', code: 'config.event', step: 'parse', actor: 'operator' }),
    );
    const paths = 'version target.name target.engine target.secret target.mode target.colour';
    const more = 'policy.rules[0].state policy.rules[0].for policy.caps.perSweep';
    for (const path of `${paths} ${more}`.split(' '))
      expect(() => parseSweepEvent(wrong)).toThrow(
        expect.objectContaining({ message: expect.stringContaining(path) as string }),
      );
  });

  test.each([null, undefined, 1, 'orders', [], {}, { target: null }, { target: [] }])(
    'such as %j is a Config fault too',
    (input) => {
      expect(() => parseSweepEvent(input)).toThrow(expect.objectContaining({ code: 'config.event' }));
      expect([nameTarget(input), nameEngine(input)]).toEqual(['an unknown target', 'unknown']);
    },
  );

  test.each([
    ['orders', 'orders'],
    ['Ordérs', 'Orders'],
    ['', 'an unknown target'],
    ['\u001b[2J\r\nforged', '\\u{1b}[2J\\u{d}\\u{a}forged'],
    [' orders ', 'orders'],
  ])('names its target %j as %j even when it is broken', (name, expected) => {
    expect(nameTarget({ target: { name } })).toBe(expected);
    expect(nameEngine({ target: { engine: name } })).toBe(expected.replace('an unknown target', 'unknown'));
  });

  test.each(['界'.repeat(500), 'x'.repeat(500), '𝄞'.repeat(500)])('names no target at length', (name) => {
    expect(nameTarget({ target: { name } })).toMatch(/^[\x20-\x7e]{1,63}$/);
  });
});
