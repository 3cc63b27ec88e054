import { spawnSync } from 'node:child_process';

/** The Node.js that runs the bundle, and what to say of it. */
export interface ChosenNode {
  readonly path: string;
  readonly says: string;
}

/** Node.js 24, as in Lambda: this one, or the one that npm has; where neither is to be had, this one, which says so. */
export function findNode24(): ChosenNode {
  if (process.version.startsWith('v24.'))
    return { path: process.execPath, says: `Node.js ${process.version}` };
  const args = ['--yes', '--prefer-offline', '--package', 'node@24', '--', 'node', '-p', 'process.execPath'];
  const { status, stdout } = spawnSync('npx', args, { encoding: 'utf8', timeout: 120_000 });
  const path = stdout.trim();
  if (status === 0 && path !== '') return { path, says: 'Node.js 24 from npm' };
  if (process.env['UNLEAK_REQUIRE_ALL_SERVERS'] === '1')
    throw new Error('Node.js 24 is not to be had from npm');
  return { path: process.execPath, says: `Node.js ${process.version}, since 24 is not to be had here` };
}
