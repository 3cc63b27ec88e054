import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

describe('the command starts from what it has compiled', () => {
  let checkout = '';
  const cache = () => join(checkout, 'node_modules/.cache/unleak');

  beforeAll(() => {
    checkout = mkdtempSync(join(tmpdir(), 'unleak-start-'));
    mkdirSync(join(checkout, 'node_modules'));
    for (const name of ['esbuild', '@esbuild', 'tsx', 'get-tsconfig', 'resolve-pkg-maps'])
      symlinkSync(join(process.cwd(), 'node_modules', name), join(checkout, 'node_modules', name));
    mkdirSync(join(checkout, 'cli'));
    cpSync('cli/bin.js', join(checkout, 'cli/bin.js'));
    cpSync('cli/start', join(checkout, 'cli/start'), { recursive: true });
    writeFileSync(join(checkout, 'package.json'), '{ "type": "module" }');
  });
  beforeEach(() => rmSync(cache(), { recursive: true, force: true }));
  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  function say(text: string): void {
    writeFileSync(
      join(checkout, 'cli/unleak.ts'),
      `export const main = async () => { const { name } = await import('./name.ts'); console.log('${text}', name as string, import.meta.url); }`,
    );
    writeFileSync(join(checkout, 'cli/name.ts'), `export const name: string = 'Ada';`);
  }

  function run(): string {
    const { stdout, stderr } = spawnSync(process.execPath, [join(checkout, 'cli/bin.js')], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  }

  test('at once, the second time with the code that is kept, and the sources know where they are', () => {
    say('one');
    const place = `file://${join(checkout, 'cli/unleak.ts')}`;
    expect([run(), run()]).toEqual([`one Ada ${place}\n`, `one Ada ${place}\n`]);
    const kept = readdirSync(cache(), { recursive: true }).map(String);
    expect(kept.some((name) => name.endsWith('.code'))).toBe(true);
  });

  test('anew once a source has changed, also one that is loaded only when needed', () => {
    say('one');
    run();
    writeFileSync(join(checkout, 'cli/name.ts'), `export const name: string = 'Grace';`);
    expect(run()).toContain('one Grace');
  });

  test('anew when what is kept is damaged', () => {
    say('one');
    run();
    for (const name of readdirSync(cache(), { recursive: true }).map(String))
      if (/\.(?:code|json)$/.test(name)) writeFileSync(join(cache(), name), 'damaged');
    expect(run()).toContain('one Ada');
  });

  test('from the sources where nothing can be kept', () => {
    say('one');
    mkdirSync(join(checkout, 'node_modules/.cache'), { recursive: true });
    writeFileSync(cache(), 'not a folder');
    expect(run()).toContain('one Ada');
  });
});
