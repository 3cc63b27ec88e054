import type { ReportedFault } from '../../model/report.ts';
import { remedyByCode, remedyByKind } from './fault-remedies.ts';

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
  return pick(remedyByCode, code) ?? pick(remedyByKind, kind) ?? 'Read the log of this sweep.';
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
