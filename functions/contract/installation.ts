import * as z from 'zod';
import type { SweepEventInput } from './event.ts';
import { type Parsed, parseWith } from './problems.ts';
import { strictObject } from './strict-object.ts';
import { wholeNumber } from './whole-number.ts';

/** A target as it was installed, in the words of the file; its name is its key. */
export type InstalledTarget = Omit<SweepEventInput['target'], 'name'> & {
  /** A key of the installation's policies. */
  readonly policy: string;
  /** How late a tick of its schedule may come, in milliseconds; a later one is refused. */
  readonly latestMs: number;
};

/** What a deployment tells a function once and for all: the targets that it may sweep, and how. */
export interface Installation {
  readonly notify?: SweepEventInput['notify'];
  readonly policies: Readonly<Record<string, SweepEventInput['policy']>>;
  readonly targets: Readonly<Record<string, InstalledTarget>>;
}

/* Only what finding a target needs: the target itself and its policy are read by the event's schema when it is swept. */
const schema = strictObject({
  notify: z.unknown().optional(),
  policies: z.record(z.string(), z.unknown()),
  targets: z.record(z.string(), z.looseObject({ policy: z.string(), latestMs: wholeNumber(1) })),
});

/** An installation whose targets can be found; what stands in them is not read yet. */
export type ReadInstallation = z.output<typeof schema>;

/** Reads what the deployment says; values are kept out of the problems. */
export function parseInstallation(input: unknown): Parsed<ReadInstallation> {
  return parseWith(schema, input, 'secret');
}
