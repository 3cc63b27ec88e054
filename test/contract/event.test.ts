import { describe, expect, it } from 'vitest';
import { defaultNotifySettings, parseEvent, type SweepEventInput } from '../../functions/contract/event.ts';
import { describeProblem } from '../../functions/contract/problems.ts';

const event: SweepEventInput = {
  version: 1,
  target: {
    name: 'orders',
    engine: 'postgres',
    host: 'orders.example.internal',
    port: 5432,
    database: 'orders',
    secret: 'prod/orders/unleak',
    mode: 'enforce',
    tls: 'rds',
  },
  policy: { rules: [{ name: 'leak', state: 'idle', for: '10m', match: { application: ['celery*'] } }] },
  notify: { when: 'action', coolDown: '1h' },
};
const small = { version: 1, target: { name: 'a', engine: 'mysql', secret: 's' }, policy: event.policy };

function problems(input: unknown): string[] {
  const parsed = parseEvent(input);
  return parsed.ok ? [] : parsed.problems.map(describeProblem);
}

function withTarget(changes: Record<string, unknown>): string[] {
  return problems({ ...event, target: { ...event.target, ...changes } });
}

describe('an event', () => {
  it('survives the way through JSON', () => {
    const parsed = parseEvent(JSON.parse(JSON.stringify(event)));
    expect(parsed).toEqual(parseEvent(event));
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        target: event.target,
        policy: { rules: [{ name: 'leak', forMs: 600_000 }] },
        notifySettings: { when: 'action', coolDownMs: 3_600_000, waitingMs: 30_000 },
      },
    });
  });

  it('is a dry run with verified certificates unless it says otherwise', () => {
    expect(parseEvent(small)).toMatchObject({
      ok: true,
      value: {
        target: { mode: 'dry-run', tls: 'rds', host: null, port: null, database: null },
        notifySettings: defaultNotifySettings,
      },
    });
  });
});

describe('a target', () => {
  it.each([
    'rds!db-0a1b2c3d-0000',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-0a1b-AbCdEf',
  ])('may have the secret that RDS keeps itself: %s', (secret) => {
    expect(withTarget({ secret })).toEqual([]);
  });

  it.each([
    'db',
    'a.b-c.example',
    'UPPER.example',
    '10.0.0.1',
    '::1',
    '2001:db8::1',
    'under_score',
    'dot.example.',
  ])('host %s is taken', (host) => {
    expect(withTarget({ host })).toEqual([]);
  });

  it.each([
    '',
    'https://x',
    'x:5432',
    '10.0.0.1:5432',
    '[::1]',
    'a b',
    'a:b',
    '-x',
    'x/y',
    'x\ny',
    'user@x',
    'a'.repeat(254),
  ])('host %j is refused', (host) => {
    expect(withTarget({ host })).toHaveLength(1);
  });

  it.each([
    [{ port: 1 }, []],
    [{ port: 65_535 }, []],
    [{ port: 0 }, ['target.port: 0 found, expected a whole number, 1 to 65535']],
    [{ port: 65_536 }, ['target.port: 65536 found, expected a whole number, 1 to 65535']],
    [{ port: '5432' }, ['target.port: "5432" found, expected a whole number, 1 to 65535']],
    [{ mode: 'on' }, ['target.mode: "on" found, expected dry-run or enforce']],
    [{ mode: null }, ['target.mode: null found, expected dry-run or enforce']],
    [{ engine: 'oracle' }, ['target.engine: "oracle" found, expected one of: postgres | mysql | mariadb']],
    [
      { tls: 'on' },
      [
        'target.tls: "on" found, expected rds | system | off | { ca: a certificate authority in PEM form } | { insecure: why there is no TLS }',
      ],
    ],
    [
      { tls: false },
      [
        'target.tls: false found, expected rds | system | off | { ca: a certificate authority in PEM form } | { insecure: why there is no TLS }',
      ],
    ],
    [
      { tls: { insecure: ' ' } },
      [
        'target.tls.insecure: " " found, expected why the password may cross this network in clear, in 1 to 200 characters',
      ],
    ],
    [
      { tls: 'off' },
      [
        expect.stringMatching(
          /^target\.tls: "off" found, expected rds, system or .*insecure: "why"/,
        ) as string,
      ],
    ],
    [{ tls: 'off', host: '127.0.0.1' }, []],
    [{ tls: 'off', host: undefined }, []],
    [{ tls: { insecure: 'a laboratory' } }, []],
    [{ tls: { ca: 'x' } }, ['target.tls.ca: expected a certificate authority in PEM form']],
    [{ database: '' }, ['target.database: "" found, expected the name of a database, 1 to 128 characters']],
    [{ secret: 'a b' }, ['target.secret: expected the name or the ARN of a Secrets Manager secret']],
    [{ secret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/x-AbCdEf' }, []],
    [
      { password: 'hunter2' },
      [
        'target.password: unknown key, expected one of: name, engine, host, port, database, secret, secretHost, mode, tls, traceparent',
      ],
    ],
  ])('%j', (changes, texts) => {
    expect(withTarget(changes)).toEqual(texts);
  });
});

describe('what an engine cannot answer', () => {
  const rules = [
    { name: 'a', state: 'idle', for: '1m', open: '1h', unused: true },
    { name: 'b', state: 'idle', for: '1m' },
  ];

  it.each(['mysql', 'mariadb'])('is refused on %s', (engine) => {
    const because = `on ${engine}: MySQL and MariaDB do not show when a session connected`;
    expect(problems({ ...small, target: { ...small.target, engine }, policy: { rules } })).toEqual([
      `policy.rules[0].open: "1h" found, expected no \`open\` ${because}`,
      `policy.rules[0].unused: true found, expected no \`unused\` ${because}`,
    ]);
  });

  it('is taken on postgres', () => {
    expect(
      problems({ ...small, target: { ...small.target, engine: 'postgres' }, policy: { rules } }),
    ).toEqual([]);
  });

  it('is told also while the target and that very rule are wrong elsewhere', () => {
    const wrong = {
      ...small,
      target: { ...small.target, name: 'A', port: 1.5 },
      policy: { rules: [{ ...rules[0], for: 5 }] },
    };
    expect(problems(wrong).map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'target.name',
      'target.port',
      'policy.rules[0].for',
      'policy.rules[0].open',
      'policy.rules[0].unused',
    ]);
  });
});
