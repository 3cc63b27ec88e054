import { existsSync } from 'node:fs';
import { defaultConfigFile, openConfiguration } from '../target/configuration-file.ts';
import { choosePolicy, type ChosenPolicy } from '../target/policies.ts';

/** The policy that the file gives a target; null where there is no file, or no such target in it. */
export async function findPolicyInForce(
  config: string | undefined,
  target: string,
): Promise<ChosenPolicy | null> {
  const file = config ?? defaultConfigFile;
  if (config === undefined && !existsSync(file)) return null;
  const { configuration } = await openConfiguration(file);
  const found = configuration.targets.find(({ name }) => name === target);
  return found ? choosePolicy(`#${found.policy}`, file) : null;
}
