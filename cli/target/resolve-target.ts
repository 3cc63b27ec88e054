import { UsageError } from '../usage-error.ts';
import type { Console } from '../terminal/console.ts';
import type { Aim, AimOptions } from './resolved-target.ts';
import { aimByFile } from './resolve-by-file.ts';
import { aimByUrl } from './resolve-by-url.ts';
import { demandAnswerable } from './demand-answerable.ts';
import type { ChosenPolicy } from './policies.ts';

/** An aim whose policy is known. */
export type AimWithPolicy = Aim & { readonly policy: ChosenPolicy };

/**
 * Finds out which server is meant: a target of the file, or a connection URL, or the file's target at the URL's server.
 * UNLEAK_URL counts only where nothing else is named, so that a forgotten one never leads to another server.
 */
export async function takeAim(name: string | undefined, options: AimOptions, console: Console): Promise<Aim> {
  if (name?.includes('://'))
    throw new UsageError(
      'A connection URL is not a target: give it as --url -, which asks for it, or in UNLEAK_URL.',
    );
  const url = options.url ?? (name === undefined ? console.env['UNLEAK_URL'] || undefined : undefined);
  if (url === undefined) return aimByFile(name, options);
  const aim = await aimByUrl(url, name, options, console);
  if (options.url !== undefined && holdsPassword(options.url)) console.screen.progress(passwordShows);
  return aim;
}

const passwordShows =
  'Others can read the password in --url in the process list, where npx shows it, and in the history of your shell. ' +
  'Better: `--url -`, which asks for the URL, or UNLEAK_URL.';

/** Only whether: a URL that was read by now. */
function holdsPassword(url: string): boolean {
  return /:\/\/[^/?#]*:[^/?#]+@|[?&]password=./.test(url);
}

/** The same for commands that decide; a UsageError where no policy is named and none is obvious. */
export async function takeAimWithPolicy(
  name: string | undefined,
  options: AimOptions,
  console: Console,
): Promise<AimWithPolicy> {
  const aim = await takeAim(name, options, console);
  if (aim.policy !== null) {
    demandAnswerable(aim.policy, aim.target.name, aim.target.engine);
    return { ...aim, policy: aim.policy };
  }
  throw new UsageError('Which policy? Name one with --policy FILE#NAME, such as --policy unleak.yaml#web.');
}
