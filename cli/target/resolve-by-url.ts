import { existsSync } from 'node:fs';
import { parseWith } from '../../functions/contract/problems.ts';
import { strictObject } from '../../functions/contract/strict-object.ts';
import { defaultPorts, type Target, targetShape, toTarget } from '../../functions/contract/target.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Console } from '../terminal/console.ts';
import { UsageError } from '../usage-error.ts';
import type { ResolvedTarget, AimOptions } from './resolved-target.ts';
import { findTarget, toEventNotify } from './resolve-by-file.ts';
import { defaultConfigFile, openConfiguration } from './configuration-file.ts';
import { type ChosenPolicy, choosePolicy, toPolicyName } from './policies.ts';
import { readUrl, type UrlLoginWithPassword } from './read-url.ts';

/** Stands where a secret's name would be; the URL itself never leaves `secrets`. */
const secretName = 'connection-url';

/** The server of a URL, as the named target of the file where a name is given; the login never touches AWS. */
export async function resolveByUrl(
  url: string,
  name: string | undefined,
  options: AimOptions,
  console: Console,
): Promise<ResolvedTarget> {
  const file = options.config ?? defaultConfigFile;
  const opened = name === undefined ? null : await openConfiguration(file);
  const filed = opened && findTarget(opened, name).target;
  const notify = opened && toEventNotify(opened);
  const login = await readUrl(url, console);
  if (filed) demandSameKind(filed, login);
  const input = toTargetInput(filed?.name ?? toName(login.host), login);
  const policy = await findPolicy(options, file, filed?.policy);
  return {
    target: parse(input),
    label: filed?.name ?? toLabel(login),
    policy,
    secrets: {
      fetch: () => Promise.resolve(JSON.stringify({ username: login.user, password: login.password })),
    },
    loginFrom: 'the connection URL',
    toEvent: (mode) => ({
      version: 1,
      target: { ...input, mode },
      policy: policy?.input,
      ...toPolicyName(policy),
      ...notify,
    }),
  };
}

function toTargetInput(name: string, { engine, host, port, database, tls }: UrlLoginWithPassword) {
  return {
    ...{ name, engine, host, secret: secretName, tls },
    ...(port === null ? {} : { port }),
    ...(database === null ? {} : { database }),
  };
}

// A URL read wrongly may have a piece of the password anywhere, so what stands there is not quoted.
function parse(input: ReturnType<typeof toTargetInput>): Target {
  const parsed = parseWith(strictObject(targetShape).transform(toTarget), input);
  if (parsed.ok) return parsed.value;
  const expected = parsed.problems.map((problem) => problem.expected).join('; ');
  throw new UsageError(`The connection URL cannot be used; expected ${expected}.`);
}

/** Where nobody names a policy and the file has just one, that one is meant. */
async function findPolicy(
  options: AimOptions,
  file: string,
  filed: string | undefined,
): Promise<ChosenPolicy | null> {
  if (options.policy !== undefined) return choosePolicy(options.policy, file);
  if (filed !== undefined) return choosePolicy(`#${filed}`, file);
  if (options.config === undefined && !existsSync(file)) return null;
  const { configuration } = await openConfiguration(file);
  const [only, ...others] = Object.keys(configuration.policies);
  return only === undefined || others.length > 0 ? null : choosePolicy(`#${only}`, file);
}

function demandSameKind(target: Target, login: UrlLoginWithPassword): void {
  if ((target.engine === 'postgres') === (login.engine === 'postgres')) return;
  throw new UsageError(
    `The target ${target.name} is ${target.engine}, the connection URL is for ${login.engine}.`,
  );
}

/** `127.0.0.1:5432`, with the engine's own port where the URL names none. */
function toLabel({ host, port, engine }: UrlLoginWithPassword): string {
  return `${cleanText(host.includes(':') ? `[${host}]` : host, 100)}:${port ?? defaultPorts[engine]}`;
}

/** A name for reports, made of the host's. */
function toName(host: string): string {
  const name = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return name || 'database';
}
