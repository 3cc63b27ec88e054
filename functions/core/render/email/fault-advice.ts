import type { ReportedFault } from '../../report.ts';

const byCode: Readonly<Record<string, string>> = {
  'connect.too_many_connections':
    'The server has no free slot, not even for unleak. Free one now, and keep one for it: on PostgreSQL grant its login pg_use_reserved_connections and set reserved_connections (16 and later), on MySQL grant it CONNECTION_ADMIN.',
  'connect.unknown_host':
    'Check the host in unleak.yaml or in the secret, and that the function can resolve names in its network.',
  'connect.timeout':
    "Check that the database's security group lets the function's security group in on its port, and that the server is up.",
  'connect.refused': 'Check the port, and whether the server is up or restarting.',
  'connect.certificate_host': 'Use the host name that the certificate is for, not an alias or an address.',
  'connect.certificate_authority':
    'Set `tls` of this target to the authority that signed the certificate; `rds` trusts the RDS roots only.',
  'connect.certificate_expired': "Renew the server's certificate.",
};

const byKind: Readonly<Record<string, string>> = {
  Config: 'Correct the configuration and deploy again. Every sweep fails the same way until then.',
  Credentials:
    'Check the secret, and that its login exists and may connect. unleak reads it afresh on every run.',
  Connect: 'Check that the server is up and that the function can reach it.',
  Snapshot: "Check that unleak's login may read the sessions, as docs/install.md describes.",
  Publish: 'Check the topic, its policy and its key.',
  Deadline: 'The server or the network answered slowly. If this repeats, give the function more time.',
  Invariant: 'Report it as a defect of unleak, with the code and the log of this sweep.',
};

const people: Readonly<Record<string, string>> = {
  operator: 'whoever deploys unleak',
  dba: 'whoever runs the database',
  aws: 'whoever runs the AWS account',
};

const steps: Readonly<Record<string, string>> = {
  parse: 'while reading its event',
  secret: 'while fetching the secret',
  connect: 'while connecting to the server',
  lock: 'while taking its lock on the server',
  look: 'while looking at the sessions',
  act: 'while ending sessions',
  'look again': 'while checking what became of the sessions',
  record: 'while recording the report',
  tell: 'while telling people',
};

/** What to do about a fault, as far as its code or kind tells. */
export function adviceOn({ code, kind }: ReportedFault): string {
  return pick(byCode, code) ?? pick(byKind, kind) ?? 'Read the log of this sweep.';
}

/** Who can mend a fault. */
export function whoActs({ actor }: ReportedFault): string {
  return pick(people, actor) ?? 'whoever looks after this installation';
}

/** When a fault happened: `while connecting to the server`. */
export function whenOf({ step }: ReportedFault): string {
  return pick(steps, step) ?? 'in an unknown step';
}

function pick(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}
