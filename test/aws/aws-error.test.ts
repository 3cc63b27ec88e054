import { expect, test } from 'vitest';
import { toAwsTrouble } from '../../functions/aws/aws-error.ts';
import { toNetworkFault } from '../../functions/engines/network-fault.ts';

function errorOf(code: string, name = 'Error'): Error {
  return Object.assign(new Error('no'), { code, name });
}

test.each(['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'])(
  '%s is trouble of our own process, not of who was asked',
  (code) => {
    expect(toAwsTrouble(errorOf(code))).toBe('exhausted');
    expect(toNetworkFault(errorOf(code), 'db', 1)).toMatchObject({ code: 'connect.process_limit' });
  },
);

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'an error called %s is none that we know',
  (name) => {
    expect(toAwsTrouble(errorOf('', name))).toBe('other');
    expect(toNetworkFault(errorOf(name), 'db', 1)).toBeNull();
  },
);
