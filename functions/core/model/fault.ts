/** Where in the line of data a sweep ended. */
export type Step =
  'parse' | 'secret' | 'connect' | 'lock' | 'snapshot' | 'terminate' | 'verify' | 'record' | 'notify';

/** Who can mend it: the people who deploy unleak, those who run the database, or those who run the AWS account. */
export type Actor = 'operator' | 'dba' | 'aws';

/** The seven ways a sweep can fail; each code begins with one of these in lower case. */
export type FaultKind =
  'Config' | 'Credentials' | 'Connect' | 'Snapshot' | 'Publish' | 'Deadline' | 'Invariant';

interface FaultFacts {
  readonly kind: FaultKind;
  /** Dotted and public: `connect.too_many_connections`; each has a heading in docs/runbook.md. */
  readonly code: string;
  readonly step: Step;
  readonly actor: Actor;
  /** Fit to publish: no secret, no raw driver text. */
  readonly message: string;
  readonly cause?: unknown;
}

/** A thrown error that ends the sweep; everything else that a sweep learns is returned. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: string;
  readonly step: Step;
  readonly actor: Actor;

  constructor(facts: FaultFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = `${facts.kind}Fault`;
    this.kind = facts.kind;
    this.code = facts.code;
    this.step = facts.step;
    this.actor = facts.actor;
  }

  /** The same fault told of another step, for parts that serve more than one. */
  during(step: Step): Fault {
    const { kind, code, actor, message, cause } = this;
    return new Fault({ kind, code, step, actor, message, cause });
  }
}

/** The fault itself, or an Invariant fault around an error that nobody translated: a defect of unleak. */
export function toFault(error: unknown, step: Step): Fault {
  if (error instanceof Fault) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new Fault({
    kind: 'Invariant',
    code: 'invariant.unexpected',
    step,
    actor: 'operator',
    message: `An unexpected ${name} ended the sweep in the step "${step}". This is a defect of unleak; the log has its stack.`,
    cause: error,
  });
}
