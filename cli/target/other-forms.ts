import { UsageError } from '../usage-error.ts';

const write = 'postgres://user:password@host:port/database';

interface Form {
  /** Of the whole text. */
  readonly text?: RegExp;
  /** Of what stands where the hosts do, behind the login. */
  readonly hosts?: RegExp;
  readonly says: string;
}

/** Forms that other clients read and unleak does not, each with what to write instead; the first that fits is told. */
const forms: readonly Form[] = [
  {
    text: /^\s*(?:host|hostaddr|port|dbname|user|password|service|servicefile|passfile|sslmode|options|connect_timeout|application_name|data source|server|initial catalog)\s*=/i,
    says: `it is a list of key=value, as libpq and ADO.NET take it; write ${write}, with sslmode and the like as ?sslmode=…`,
  },
  { text: /^\s*service:/i, says: `it names a service file; write what stands there as ${write}` },
  {
    hosts: /^%2f|^$/i,
    says: 'it names a socket of this machine, or no host; unleak logs in over TCP, so write a host such as localhost, and its port',
  },
  { hosts: /\(/, says: `its host is in parentheses, as Go and JDBC write it; write ${write}` },
  {
    hosts: /,/,
    says: 'it names several hosts; a sweep is of one server, so write one host and one port, and sweep each server as a target of its own',
  },
  {
    text: /[?&]service=/i,
    says: `service: unleak reads no service file; write what stands there as ${write}`,
  },
];

/** Refuses a connection string of a form that is not ours, by the name of the form and without a word of the string, which is secret. */
export function refuseOtherForms(text: string): void {
  const authority = /^[\w+:-]+:\/\/([^/?#]*)/.exec(text)?.[1];
  const hosts = authority?.slice(authority.lastIndexOf('@') + 1);
  const known = forms.find(
    (form) => form.text?.test(text) || (hosts !== undefined && form.hosts?.test(hosts)),
  );
  if (known) throw new UsageError(`The connection URL cannot be used: ${known.says}.`);
}
