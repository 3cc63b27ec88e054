import type { ReportedFault } from '../../model/report.ts';
import { knownFault } from '../../../contract/fault-codes.ts';

const people: Readonly<Record<string, string>> = {
  operator: 'the team that deploys unleak',
  dba: 'the team that runs the database',
  aws: 'the team that runs the AWS account',
};

const steps: Readonly<Record<string, string>> = {
  parse: 'while reading its event',
  secret: 'while fetching the secret',
  connect: 'while connecting to the server',
  lock: 'while taking its lock on the server',
  snapshot: 'while taking the snapshot',
  decide: 'while deciding about the sessions',
  terminate: 'while ending sessions',
  verify: 'while verifying what became of the sessions',
  record: 'while recording the report',
  notify: 'while notifying people',
};

/** What to do about a fault, as far as its code or kind tells. */
export function adviceOn({ code }: ReportedFault): string {
  return knownFault(code)?.remedy ?? 'Read the log of this sweep.';
}

/** Who can fix a fault. */
export function whoActs({ actor }: ReportedFault): string {
  return pick(people, actor) ?? 'the team that looks after this installation';
}

/** When a fault happened: `while connecting to the server`. */
export function whenOf({ step }: ReportedFault): string {
  return pick(steps, step) ?? 'in an unknown step';
}

function pick(words: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}
