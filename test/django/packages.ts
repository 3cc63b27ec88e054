import { spawnSync } from 'node:child_process';

/** Debian's own Python, whose packages these are: another one may come first on the PATH. */
export const python = '/usr/bin/python3';

const modules = ['django', 'celery', 'psycopg2', 'MySQLdb', 'gunicorn'] as const;

/** Why the shop cannot run here, in one line; null where it can. */
export function missingPackages(): string | null {
  const { status } = spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' });
  if (status === 0) return null;
  return 'Tests without Django: install python3-django, python3-celery, python3-psycopg2, python3-mysqldb and gunicorn.';
}
