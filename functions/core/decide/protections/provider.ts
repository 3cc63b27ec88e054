import { cleanText } from '../../text/clean-text.ts';
import { type HardCheck, unknown, yes } from './protection.ts';

/** Users that providers keep for themselves, in lower case; docs/reference/tools.md says whose they are. */
export const providerUsers: ReadonlySet<string> = new Set([
  ...['rdsadmin', 'rdstopmgr', 'rdsrepladmin', 'rdsrepladmin_priv_checks_user', 'rdsgrprepladmin'],
  ...['rdsproxyadmin', 'rdswriteforwarduser'],
  ...['azuresu', 'azure_superuser', 'azure_pg_admin'],
  ...['cloudsqladmin', 'cloudsqlagent', 'cloudsqlreplica', 'cloudsqlimportexport', 'cloudsqlimport'],
  ...[
    'cloudsqlexport',
    'cloudsqlapplier',
    'cloudsqloneshot',
    'cloudsqlobservabilityadmin',
    'cloudsqlreadonly',
  ],
  ...['alloydbadmin', 'alloydbreplica', 'alloydbimportexport'],
  ...['mariadb.sys', 'event_scheduler', 'system user'],
]);

/** Users of the server's provider, and those that the server itself comes with. */
export const provider: HardCheck = {
  name: 'provider',
  ask({ user }) {
    if (user === null) return unknown('its user');
    return isProvider(user.toLowerCase())
      ? yes(`${cleanText(user, 64)} belongs to the provider of the server`)
      : null;
  },
};

function isProvider(user: string): boolean {
  return providerUsers.has(user) || user.startsWith('mysql.');
}
