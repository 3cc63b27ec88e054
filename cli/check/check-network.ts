import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import type { EngineName } from '../../functions/contract/target.ts';
import type { Place } from './place.ts';
import { checkTls } from './check-tls.ts';
import { explainNetwork } from './explain-network.ts';
import { fail, type Layer, ok } from './layer.ts';
import { openSocket } from './open-socket.ts';

/** DNS, TCP and TLS, on one connection of their own that never logs in. */
export async function* checkNetwork(
  engine: EngineName,
  login: Place,
  signal: AbortSignal,
): AsyncGenerator<Layer> {
  const dns = await checkDns(login);
  yield dns;
  if (dns.status === 'failed') return;
  const startedAt = performance.now();
  let socket: Socket;
  try {
    socket = await openSocket(login.host, login.port, signal);
  } catch (error) {
    yield fail('tcp', explainNetwork(error, login));
    return;
  }
  try {
    yield ok('tcp', `${login.host}:${login.port} answers in ${Math.round(performance.now() - startedAt)} ms`);
    yield await checkTls(engine, login, socket);
  } finally {
    socket.destroy();
  }
}

async function checkDns(login: Place): Promise<Layer> {
  if (isIP(login.host)) return ok('dns', `${login.host} is an address`);
  try {
    const addresses = await lookup(login.host, { all: true });
    return ok('dns', `${login.host} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    return fail('dns', explainNetwork(error, login));
  }
}
