import {
  type Actor,
  type FaultCode,
  faultCodes,
  type FaultKind,
  kindOf,
} from '../../contract/fault-codes.ts';

/** Where in the line of data a sweep ended. */
export type Step =
  | 'parse'
  | 'secret'
  | 'connect'
  | 'lock'
  | 'snapshot'
  | 'decide'
  | 'terminate'
  | 'verify'
  | 'record'
  | 'notify';

interface FaultFacts {
  /** Each has a heading in docs/runbook.md. */
  readonly code: FaultCode;
  readonly step: Step;
  /** Fit to publish: no secret, no raw driver text. */
  readonly message: string;
  readonly cause?: unknown;
}

/** A thrown error that ends the sweep; everything else that a sweep learns is returned. */
export class Fault extends Error {
  readonly kind: FaultKind;
  readonly code: FaultCode;
  readonly step: Step;
  readonly actor: Actor;

  constructor(facts: FaultFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = kindOf(facts.code);
    this.name = `${this.kind}Fault`;
    this.code = facts.code;
    this.step = facts.step;
    this.actor = faultCodes[facts.code].actor;
  }

  /** The same fault told of another step, for parts that serve more than one. */
  during(step: Step): Fault {
    const { code, message, cause } = this;
    return new Fault({ code, step, message, cause });
  }
}

/** The fault itself, or an Invariant fault around an error that nobody translated: a defect of unleak. */
export function toFault(error: unknown, step: Step): Fault {
  if (error instanceof Fault) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new Fault({
    code: 'invariant.unexpected',
    step,
    message: `An unexpected ${name} ended the sweep in the step "${step}". This is a defect of unleak; the log has its stack.`,
    cause: error,
  });
}
