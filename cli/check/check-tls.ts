import type { Socket } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { EngineName, Tls } from '../../functions/contract/target.ts';
import { isInClear } from '../../functions/contract/tls.ts';
import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Place } from './place.ts';
import { toTlsOptions } from '../../functions/engines/tls.ts';
import { isLoopback } from '../../functions/contract/is-loopback.ts';
import { askForTls } from './ask-for-tls.ts';
import { explainNetwork } from './explain-network.ts';
import { fail, type Layer, ok, warn } from './layer.ts';

const soonMs = 30 * 86_400_000;

/** Whether the server's certificate passes, who vouches for it, and until when. */
export async function checkTls(engine: EngineName, login: Place, socket: Socket): Promise<Layer> {
  if (isInClear(login.tls))
    return isLoopback(login.host)
      ? ok('tls', 'off, and nothing leaves this machine')
      : warn(
          'tls',
          `off, since ${reasonOf(login.tls)}: the password and all that is read cross the network in clear`,
          'tls: rds, or tls: system',
        );
  try {
    if (!(await askForTls(engine, socket)))
      return fail(
        'tls',
        'connect.tls_refused: the server does not offer TLS, and the configuration demands it',
      );
    return judge(await shakeHands(socket, login), login);
  } catch (error) {
    return fail('tls', explainNetwork(error, login));
  }
}

/** Without refusing, so that a certificate that fails can be described; nothing is sent over it. */
function shakeHands(socket: Socket, { tls, host }: Place): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const options = toTlsOptions(tls, host);
    const secure = connect({ ...options, socket, host, rejectUnauthorized: false });
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    secure.once('error', reject);
    secure.once('secureConnect', () => resolve(secure));
  });
}

function judge(secure: TLSSocket, login: Place): Layer {
  const certificate = secure.getPeerCertificate(true);
  const until = new Date(certificate.valid_to);
  const says = `${secure.getProtocol() ?? 'TLS'}, certificate of ${authorityOf(certificate)}, valid until ${until.toISOString().slice(0, 10)}`;
  // A text, whatever the types say: OpenSSL's code, or Node's for a name that does not fit.
  const refusal = secure.authorizationError as unknown as string | undefined;
  if (!secure.authorized)
    return fail(
      'tls',
      `${explainNetwork({ code: refusal }, login)} (${says}; trusted here: ${nameTrust(login.tls)})`,
    );
  return until.getTime() - Date.now() < soonMs
    ? warn('tls', `${says}, which is soon`)
    : ok('tls', `${says}; ${nameTrust(login.tls)}`);
}

/** The last of the chain that the server sent or that is trusted here. */
function authorityOf(certificate: DetailedPeerCertificate): string {
  let last = certificate;
  const seen = new Set([last.fingerprint256]);
  for (
    let next = last.issuerCertificate as DetailedPeerCertificate | undefined;
    next;
    next = next.issuerCertificate
  ) {
    if (seen.has(next.fingerprint256)) break;
    seen.add(next.fingerprint256);
    last = next;
  }
  const { CN, O } = last.issuer;
  return cleanText(String(CN || O || 'an unnamed authority'), 80);
}

function reasonOf(tls: Tls): string {
  return typeof tls === 'object' && 'insecure' in tls
    ? `"${cleanText(tls.insecure, 200)}"`
    : 'the target says so';
}

function nameTrust(tls: Tls): string {
  if (tls === 'rds') return 'the authorities of RDS';
  return tls === 'system' ? 'the authorities of the system' : 'the authority of the configuration';
}
