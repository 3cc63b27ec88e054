import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defangName, defangProse } from '../../functions/core/text/defang.ts';
import { toEmail } from '../../functions/core/notify/to-email.ts';
import { toSms } from '../../functions/core/notify/to-sms.ts';
import { toSubject } from '../../functions/core/notify/to-subject.ts';
import { hostile } from './notify/hostile-report.ts';
import { holder, reportOf, waiter } from './waiting/waits.ts';

describe('a name', () => {
  test.each([
    ['https://evil.example.com/login', 'https:[//]evil[.]example[.]com/login'],
    ['www.evil.de', 'www[.]evil[.]de'],
    ['mail mallory@evil.com', 'mail mallory@evil[.]com'],
    ['mailto:mallory', 'mailto[:]mallory'],
    ['call +49 30 1234567 now', 'call +49_30_1234_567 now'],
    ['0900/123456', '0900_1234_56'],
    ['(555) 123-4567', '555_123_4567'],
    ['5551234567', '5551_2345_67'],
    ['manage.py shell', 'manage[.]py shell'],
    ['evil\u3002com', 'evil[\u3002]com'],
    ['evil\ufe52live', 'evil[\ufe52]live'],
    ['t.me/x', 't[.]me/x'],
    ['bit.ly/3', 'bit[.]ly/3'],
    ['9.9.9.9/pay', '9[.]9[.]9[.]9/pay'],
    ['9.9.9.9:8080/pay', '9[.]9[.]9[.]9:8080/pay'],
    ['m@9.9.9.9', 'm@9[.]9[.]9[.]9'],
    ['hxxp://evil.live', 'hxxp:[//]evil[.]live'],
    ['http:\\\\evil', 'http:[\\\\]evil'],
    ['http\uff1a\uff0f\uff0fevil', 'http\uff1a[\uff0f\uff0f]evil'],
    ['bücher.example', 'bücher[.]example'],
    ['пример.рф', 'пример[.]рф'],
    ['xn--e1afmkfd.xn--p1ai', 'xn--e1afmkfd[.]xn--p1ai'],
    ['call-18005550199', 'call-1800_5550_199'],
    ['call18005550199now', 'call1800_5550_199now'],
    ['call_18005550199', 'call_1800_5550_199'],
    ['800*555*0199', '800_555_0199'],
    ['800–555–0199', '800_555_0199'],
    ['800 • 555 • 0199', '800_555_0199'],
    ['800~555~0199', '800_555_0199'],
    ['800x555x0199', '800_555_0199'],
    ['800,555,0199', '800_555_0199'],
    ['８００５５５０１９９', '８００５_５５０１_９９'],
    ['1.800.555.0199', '1_800_555_0199'],
  ])('%s becomes %s', (name, shown) => expect(defangName(name)).toBe(shown));

  test.each([
    'shop-web',
    'celery@worker-3',
    '10.0.0.7',
    '192.168.100.200',
    '2001:db8::1',
    'worker-17 (pid 4711)',
    '10.11.14-MariaDB',
    'ip-172-31-100-200',
    'puma 6.4.2 [shop]',
    'pgcopydb[79] clone',
    '10.0.0.7:52312',
    '10.0.0.0/24',
    '2001:1234:5678:9012::1',
    'web-550e8400-e29b-41d4-a716-446655440000',
    'nightly 2026-11-28 03:10:07',
    'PostgreSQL JDBC Driver',
    'web@10-0-0-7',
    '800_555_0199',
  ])('%s stays as it is', (name) => expect(defangName(name)).toBe(name));
});

describe('prose and statements', () => {
  test.each([
    'SELECT o.id, o.state FROM shop.orders o',
    'GRANT SELECT ON mysql.user TO unleak',
    'for 2m 3s, since 2026-11-22 03:10:07 UTC',
    'SELECT u.email, u.name FROM app.users u',
    'at reports.py:8 in /srv/shop.live/reports.py/8',
    'SELECT t.total/t.quantity, o.price/2 FROM "shop"."orders" o',
    'Server 10.11.14-MariaDB, PostgreSQL 18.4',
    'from 10.0.0.7 and 10.0.0.0/24',
    'of 10737418240 bytes, session 18005550199',
    'file /var/lib/mysql/shop/orders.ibd',
    'SELECT "o"."id", `u`.`name` FROM `shop`.`users` u',
    'SELECT a.b FROM t WHERE c > ? * ?',
  ])('%s stays as it is', (text) => expect(defangProse(text)).toBe(text));
  test.each([
    'see http://x.y',
    'SELECT "www.evil.de"',
    'SELECT evil.com',
    'at evil.co.uk/login',
    'of +49 (30) 1234567',
    'SELECT 1 AS "visit evil0.live/login"',
    'SELECT 1 AS "visit evil0.live"',
    'SELECT 1 AS `evil0.click now`',
    'visit evil0.live/login',
    't.me/x',
    'bit.ly/3',
    'see 9.9.9.9/pay',
    'ask m@evil0.rest',
    'пример.рф/x',
    'call 800*555*0199',
    'call 1-800-555-0199',
    'call 800.555.0199',
    'call-18005550199',
  ])('%s does not', (text) => expect(defangProse(text)).not.toBe(text));
});

/** What mail clients, phones and chats turn into something to press. */
const pressable =
  /:\/\/|\bwww\.|(?<![\w.])(?:mailto|tel|sms):|[\w-]\.(?:com|de|net|org|io|py)\b(?!\])|(?<![\w_.-])\+?\d(?:[ ()./-]?\d){6,}(?![\w_])/i;
const bait = fc.constantFrom(
  'http://evil.com/x',
  'www.evil.de',
  'mailto:m@evil.net',
  'tel:+4930123456',
  '+49 30 123 45 67',
  '0900 1234567',
  'go.evil.io',
  'x@evil.org',
  'EVIL.COM',
  'a\u0000http://evil.com',
  't.me/x.io',
  'call-18005550199',
  '800*555*0199',
  '9.9.9.9/pay.com',
);

test.each(['9.9.9.9:8080/pay', '+49 30 1234567', 'call-18005550199', 'https://t.me/x', 'm@evil.live'])(
  '%s is broken up once',
  (name) => {
    expect(defangName(defangName(name))).toBe(defangName(name));
    expect(defangProse(defangName(name))).toBe(defangName(name));
  },
);

test('no text from elsewhere is pressable in a subject, an SMS or an e-mail', () => {
  fc.assert(
    fc.property(
      bait,
      fc.constantFrom('', 'x ', '"'),
      fc.constantFrom('', ' x', '"'),
      (text, before, after) => {
        const name = `${before}${text}${after}`;
        const report = { ...hostile(name), sweepId: 's', at: '2026-01-01T00:00:00.000Z', missing: [] };
        const names = {
          user: name,
          application: name,
          client: name,
          database: name,
          statement: `SELECT "${name}"`,
        };
        const waits = reportOf([{ ...holder('1', [['2', 60_000]]), ...names }, waiter('2', names)]);
        const detached = [
          {
            kind: 'prepared' as const,
            name,
            user: name,
            database: name,
            ageMs: 1,
            blocks: [{ id: '2', waitingMs: 60_000 }],
          },
        ];
        const orphan = reportOf([waiter('2', names)], { detached });
        for (const each of [
          {
            ...report,
            findings: report.findings.map((f) => ({ ...f, code: 'waiting' as const, advice: '' })),
            fault: report.fault && { ...report.fault, code: 'c' },
          },
          waits,
          orphan,
        ]) {
          const text = [toSubject(each), toSms(each), toEmail(each)]
            .join('\n')
            .replace(/\d{4}-\d\d-\d\d(?=\s+\d\d:)/g, 'then')
            .replace(/^.*(?:Code|Runbook|Sweep|Database clock|More): .*$/gm, '');
          expect(pressable.exec(text)?.[0]).toBeUndefined();
        }
      },
    ),
    { numRuns: 60 },
  );
});
