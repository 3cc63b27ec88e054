import fc from 'fast-check';

/* Inputs that are almost right: a correct one with something replaced, removed or added anywhere in it. */

const event = {
  version: 1,
  target: {
    name: 'orders',
    engine: 'postgres',
    secret: 'prod/orders',
    host: 'db',
    port: 5432,
    mode: 'enforce',
  },
  policy: {
    rules: [
      { name: 'leak', state: 'idle', for: '10m', match: { user: ['a*', '/^b$/'], client: '10.0.0.0/8' } },
      {
        name: 'full',
        state: ['idle'],
        for: '1m',
        group: ['user'],
        keep: { newest: 1 },
        utilization: { above: '80%' },
      },
    ],
    protect: [{ user: ['deploy'], reason: 'by hand' }],
    caps: { perSweep: 5, share: '50%' },
  },
  notifySettings: { when: 'change', coolDown: '6h' },
};

const secret = { username: 'u', password: 'p', engine: 'postgres', host: 'h', port: 5432, dbname: 'd' };

const configuration = {
  notify: { emails: ['dba@example.com'], when: 'change' },
  policies: { web: event.policy },
  targets: [
    {
      name: 'orders',
      engine: 'postgres',
      host: 'h',
      secret: 's',
      policy: 'web',
      schedule: 'rate(5 minutes)',
    },
  ],
};

const odd = fc.oneof(
  fc.anything({ withNullPrototype: true }),
  fc.jsonValue(),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '',
    '/(/',
    '/a{1000}{1000}/',
    '1e999s',
    '-1s',
    '999999999999h',
    '*'.repeat(5_000),
    '10.0.0.0/99',
  ),
  fc.constantFrom(-1, 0, 0.5, NaN, Infinity, 2 ** 53, '__proto__', null, undefined),
);

interface Change {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add';
  readonly key: string;
  readonly value: unknown;
}

const changes = fc.array(
  fc.record<Change>({
    at: fc.nat(60),
    how: fc.constantFrom('replace', 'remove', 'add'),
    key: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'length')),
    value: odd,
  }),
  { minLength: 1, maxLength: 3 },
);

const almost = (right: object) => changes.map((list) => list.reduce(applyChange, structuredClone(right)));

/** Events: anything at all, or almost right. */
export const events = fc.oneof(odd, almost(event));
/** Secret strings: anything at all, or almost right, or cut off. */
export const secrets = fc.oneof(
  fc.string({ unit: 'binary' }),
  odd.map(toText),
  almost(secret).map(toText),
  fc.tuple(almost(secret), fc.nat(60)).map(([value, length]) => toText(value).slice(0, length)),
);
/** Texts of an unleak.yaml. */
export const configurations = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('&', '*', 'a', ':', ' ', '\n', '-', '[', ']', '{', '}', '!', '|', '>', '<'),
  }),
  almost(configuration).map(toText),
);

function applyChange(value: object, { at, how, key, value: put }: Change): object {
  const places = placesIn(value);
  const place = places[at % places.length];
  if (!place) return value;
  const [parent, name] = place;
  if (how === 'replace') parent[name] = put;
  else if (how === 'remove') Reflect.deleteProperty(parent, name);
  // JSON gives an array no keys of other names: a `constructor` of its own would break JavaScript itself.
  else if (Array.isArray(parent)) parent.push(put);
  // Assignment would set the prototype instead of a key of that name.
  else
    Reflect.defineProperty(parent, key, { value: put, enumerable: true, configurable: true, writable: true });
  return value;
}

type Parent = Record<string, unknown>;

function placesIn(value: unknown): (readonly [Parent, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  const parent = value as Parent;
  return Object.keys(parent)
    .flatMap((name) => [[parent, name] as const, ...placesIn(parent[name])])
    .slice(0, 500);
}

function toText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '{"username":';
  }
}
