import { Fault } from '../../functions/core/model/fault.ts';
import type { Login } from '../../functions/engines/engine.ts';
import { toLogin, toPlace } from '../../functions/flow/to-login.ts';
import type { ResolvedTarget } from '../target/resolved-target.ts';
import { resolveTarget } from '../target/resolve-target.ts';
import type { ServerOptions } from '../command-context.ts';
import { describeFault } from '../describe-fault.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Console } from '../terminal/console.ts';
import { nameServer } from '../terminal/name-server.ts';
import { toJson } from '../terminal/to-json.ts';
import { checkNetwork } from './check-network.ts';
import { checkServer } from './check-server.ts';
import { fail, type Layer, layerNames, ok } from './layer.ts';
import { printLayer } from './print-layer.ts';

/** Finds the first broken layer between here and a sweep; exit code 1 when there is one. Ends nothing. */
export async function check(
  name: string | undefined,
  options: ServerOptions,
  console: Console,
): Promise<ExitCode> {
  const resolved = await resolveTarget(name, options, console);
  const { screen } = console;
  const layers: Layer[] = [];
  if (!options.json)
    screen.print(screen.style.bold(`Check of ${nameServer(resolved.label, resolved.target.engine)}`));
  for await (const layer of checkAll(resolved, console.interrupted)) {
    layers.push(layer);
    if (!options.json) printLayer(screen, layer);
  }
  const isFine = layers.every(({ status }) => status === 'ok' || status === 'warning');
  if (options.json)
    screen.print(toJson({ schema: 'unleak.check/1', target: resolved.target.name, ok: isFine, layers }));
  return isFine ? exitCodes.fine : exitCodes.no;
}

/** Layer after layer; what needs a broken one is skipped. */
async function* checkAll(resolved: ResolvedTarget, signal: AbortSignal): AsyncGenerator<Layer> {
  const done = new Set<string>();
  for await (const layer of tryLayers(resolved, signal)) {
    done.add(layer.layer);
    yield layer;
  }
  for (const layer of layerNames.filter((name) => !done.has(name)))
    yield { layer, status: 'skipped', says: 'not tried, since it needs one that is broken', fix: null };
}

/** The network needs no secret where the target names the host; a login needs both. */
async function* tryLayers(resolved: ResolvedTarget, signal: AbortSignal): AsyncGenerator<Layer> {
  const [secret, login] = await checkSecret(resolved, signal);
  yield secret;
  const place = login ?? toPlace(resolved.target);
  if (place === null) return;
  for await (const layer of checkNetwork(resolved.target.engine, place, signal)) {
    yield layer;
    if (layer.status === 'failed') return;
  }
  if (login !== null) yield* checkServer(resolved, login.user, signal);
}

async function checkSecret(
  resolved: ResolvedTarget,
  signal: AbortSignal,
): Promise<readonly [Layer, Login | null]> {
  try {
    const login = toLogin(resolved.target, await resolved.secrets.fetch(resolved.target.secret, signal));
    return [ok('secret', `${resolved.loginFrom} has the login ${login.user}`), login];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [fail('secret', describeFault(error)), null];
  }
}
