import { UsageError } from '../usage-error.ts';
import type { Console } from '../terminal/console.ts';
import type { ResolvedTarget, AimOptions } from './resolved-target.ts';
import { resolveByFile } from './resolve-by-file.ts';
import { resolveByUrl } from './resolve-by-url.ts';
import { demandAnswerable } from './demand-answerable.ts';
import type { ChosenPolicy } from './policies.ts';

/** An aim whose policy is known. */
export type ResolvedTargetWithPolicy = ResolvedTarget & { readonly policy: ChosenPolicy };

/**
 * Finds out which server is meant: a target of the file, or a connection URL, or the file's target at the URL's server.
 * UNLEAK_URL counts only where nothing else is named, so that a forgotten one never leads to another server.
 */
export async function resolveTarget(
  name: string | undefined,
  options: AimOptions,
  console: Console,
): Promise<ResolvedTarget> {
  if (name?.includes('://'))
    throw new UsageError(
      'A connection URL is not a target: give it as --url -, which asks for it, or in UNLEAK_URL.',
    );
  const url = options.url ?? (name === undefined ? console.env['UNLEAK_URL'] || undefined : undefined);
  if (url === undefined) return resolveByFile(name, options);
  const resolved = await resolveByUrl(url, name, options, console);
  if (options.url !== undefined && holdsPassword(options.url)) console.screen.progress(passwordShows);
  return resolved;
}

const passwordShows =
  'Others can read the password in --url in the process list, where npx shows it, and in the history of your shell. ' +
  'Better: `--url -`, which asks for the URL, or UNLEAK_URL.';

/** Only whether: a URL that was read by now. */
function holdsPassword(url: string): boolean {
  return /:\/\/[^/?#]*:[^/?#]+@|[?&]password=./.test(url);
}

/** The same for commands that decide; a UsageError where no policy is named and none is obvious. */
export async function resolveTargetWithPolicy(
  name: string | undefined,
  options: AimOptions,
  console: Console,
): Promise<ResolvedTargetWithPolicy> {
  const resolved = await resolveTarget(name, options, console);
  if (resolved.policy !== null) {
    demandAnswerable(resolved.policy, resolved.target.name, resolved.target.engine);
    return { ...resolved, policy: resolved.policy };
  }
  throw new UsageError('Which policy? Name one with --policy FILE#NAME, such as --policy unleak.yaml#web.');
}
