import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { toRdsRoots } from '../../functions/engines/rds-roots.ts';

const namesOf = (host: string) =>
  toRdsRoots(host).map((pem) => /CN=(.*)/.exec(new X509Certificate(pem).subject)?.[1] ?? '');
const everyone = namesOf('orders.example.internal').length;
const publicRoots = ['Amazon Root CA 1', 'Amazon Root CA 2', 'Amazon Root CA 3', 'Amazon Root CA 4'];

test.for([
  'orders.abc.eu-west-1.rds.amazonaws.com',
  'orders.cluster-ro-abc.eu-west-1.rds.amazonaws.com',
  'orders.proxy-abc.EU-WEST-1.rds.amazonaws.com',
])('%s is verified by its Region’s roots and by the public ones', (host) => {
  const names = namesOf(host);
  expect(names).toEqual(expect.arrayContaining(publicRoots));
  const ofRds = names.filter((name) => name.startsWith('Amazon RDS'));
  expect(ofRds.filter((name) => !name.includes(' eu-west-1 '))).toEqual([]);
  expect(ofRds).toEqual(
    expect.arrayContaining(
      ['ECC384', 'RSA2048', 'RSA4096'].map((key) => `Amazon RDS eu-west-1 Root CA ${key} G1`),
    ),
  );
});

test.for([
  'orders.example.internal',
  'orders.abc.xx-nowhere-9.rds.amazonaws.com',
  'eu-west-1.rds.amazonaws.com.example.com',
  '10.0.0.1',
])('%s is verified by all of them', (host) => {
  expect(namesOf(host)).toHaveLength(everyone);
  expect(everyone).toBeGreaterThan(100);
});
