import { existsSync } from 'node:fs';
import type { Secrets } from '../../functions/aws/ports.ts';
import type { Configuration } from '../../functions/contract/configuration.ts';
import { notifyShape } from '../../functions/contract/event.ts';
import { targetShape } from '../../functions/contract/target.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import { UsageError } from '../usage-error.ts';
import type { ResolvedTarget, AimOptions } from './resolved-target.ts';
import { type ConfigurationFile, defaultConfigFile, openConfiguration } from './configuration-file.ts';
import { choosePolicy, toPolicyName } from './policies.ts';

/** A target as the file has it, read and as people wrote it. */
export interface FiledTarget {
  readonly target: Configuration['targets'][number];
  readonly data: Readonly<Record<string, unknown>>;
}

/** The target of that name, or the only one, with its own policy unless another is named; its login is in Secrets Manager. */
export async function resolveByFile(name: string | undefined, options: AimOptions): Promise<ResolvedTarget> {
  const file = options.config ?? defaultConfigFile;
  if (options.config === undefined && !existsSync(file))
    throw new UsageError(
      `There is no ${file} here. \`unleak init\` writes one; --config FILE names another; \`--url -\` asks for a connection URL and does without.`,
    );
  const opened = await openConfiguration(file);
  const { target, data } = findTarget(opened, name);
  const notify = toEventNotify(opened);
  const policy = await choosePolicy(options.policy ?? `#${target.policy}`, file);
  return {
    target,
    label: target.name,
    policy,
    secrets: secretsManager,
    keepDays: opened.configuration.history.keepDays,
    loginFrom: `the secret ${target.secret}`,
    toEvent: (mode) => ({
      version: 1,
      target: { ...data, mode },
      policy: policy.input,
      ...toPolicyName(policy),
      ...notify,
    }),
  };
}

/** Finds a target by name; without a name, the only one there is. */
export function findTarget(opened: ConfigurationFile, name: string | undefined): FiledTarget {
  const { targets } = opened.configuration;
  const found = name === undefined ? onlyOne(targets) : targets.find((target) => target.name === name);
  if (!found) throw new UsageError(describeMiss(cleanText(opened.file), targets, name));
  const written = opened.written.targets[targets.indexOf(found)] ?? {};
  return { target: found, data: toEventTarget(written) };
}

/** What a schedule's event carries of a target; the rest is for the deployment. */
function toEventTarget(data: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(data).filter(([key]) => key in targetShape));
}

/** What a schedule's event carries of `notify`; addresses and topics are for the deployment. */
export function toEventNotify({ written: { notify } }: ConfigurationFile): { readonly notify?: object } {
  const kept = Object.entries(notify ?? {}).filter(([key]) => key in notifyShape);
  return kept.length === 0 ? {} : { notify: Object.fromEntries(kept) };
}

function onlyOne<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

function describeMiss(file: string, targets: Configuration['targets'], name: string | undefined): string {
  const names = targets.map((target) => target.name).join(', ');
  if (name === undefined) return `Which target? ${file} has: ${names}.`;
  return `${file} has no target ${cleanText(name)}; it has: ${names}.`;
}

/** The SDK is loaded when a secret is fetched: commands that need none do not pay for it. */
const secretsManager: Secrets = {
  async fetch(name, signal) {
    const { createSecrets } = await import('../../functions/aws/secrets.ts');
    return createSecrets().fetch(name, signal);
  },
};
