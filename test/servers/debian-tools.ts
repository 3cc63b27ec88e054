import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program of Debian, and what its process needs to find its libraries. */
export interface DebianTool {
  readonly command: string;
  readonly env: NodeJS.ProcessEnv;
}

const root = process.env['UNLEAK_TEST_TOOLS'] ?? '/tmp/unleak-test-tools';

/** The folder of MariaDB's plugins, of the Debian package mariadb-server: installed, or unpacked where UNLEAK_TEST_TOOLS says. */
export function mariadbPluginFolder(): string {
  const unpacked = join(root, 'usr/lib/mysql/plugin');
  return existsSync(unpacked) ? unpacked : '/usr/lib/mysql/plugin';
}

/** Finds an installed program, or one unpacked (`dpkg -x`) into the folder that UNLEAK_TEST_TOOLS names; null when there is neither. */
export function findDebianTool(name: string): DebianTool | null {
  const installed = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const path = installed.map((folder) => join(folder, name)).find((file) => existsSync(file));
  if (path !== undefined) return { command: path, env: {} };
  const unpacked = ['usr/bin', 'usr/sbin'].map((folder) => join(root, folder, name)).find(existsSync);
  if (unpacked === undefined) return null;
  return { command: unpacked, env: toLibraries(join(root, 'usr/lib/x86_64-linux-gnu')) };
}

/** Where shared libraries are found, and Perl's modules. */
function toLibraries(folder: string): NodeJS.ProcessEnv {
  const perl = join(folder, 'perl5');
  const versions = existsSync(perl) ? readdirSync(perl).map((version) => join(perl, version)) : [];
  return { LD_LIBRARY_PATH: folder, PERL5LIB: versions.join(delimiter) };
}
