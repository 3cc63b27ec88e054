import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { writeNew } from '../../cli/files/write-new.ts';
import { makeFolder } from './folder.ts';

const module = fileURLToPath(new URL('../../cli/files/write-new.ts', import.meta.url));

test('a file is there with all of its text, for its owner only where that is asked', async () => {
  const folder = makeFolder()('');
  await writeNew(join(folder, 'a'), 'text', 'owner');
  await writeNew(join(folder, 'b'), 'text', 'everyone');
  expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
  expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('text');
  expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o600);
});

test('a file that exists stays as it is', async () => {
  const folder = makeFolder()('');
  writeFileSync(join(folder, 'a'), 'before');
  await expect(writeNew(join(folder, 'a'), 'after', 'owner')).rejects.toThrow('it exists already');
  expect([readdirSync(folder), readFileSync(join(folder, 'a'), 'utf8')]).toEqual([['a'], 'before']);
});

test.each(['nowhere/a', 'a/b'])('a place that is none leaves nothing: %s', async (path) => {
  const folder = makeFolder()('');
  writeFileSync(join(folder, 'a'), '');
  await expect(writeNew(join(folder, path), 'text', 'owner')).rejects.toThrow('cannot be written');
  expect(readdirSync(folder)).toEqual(['a']);
});

/* A limit of the process stands for a full disk: the first bytes are taken, and then no more. */
test.skipIf(process.platform === 'win32')('a disk that is full in the middle leaves no file', () => {
  const folder = makeFolder()('');
  chmodSync(folder, 0o755);
  const script = `
    const { writeNew } = await import(${JSON.stringify(module)});
    await writeNew(${JSON.stringify(join(folder, 'a'))}, 'x'.repeat(100_000), 'owner').catch((e) => console.log(e.message));`;
  const run = spawnSync(
    'bash',
    [
      '-c',
      'trap "" XFSZ; ulimit -f 16; exec "$0" "$@"',
      process.execPath,
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      script,
    ],
    { encoding: 'utf8', env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1', TSX_DISABLE_CACHE: '1' } },
  );
  expect(run.stdout).toContain('cannot be written: it would be larger than files may be here');
  expect(readdirSync(folder)).toEqual([]);
});
