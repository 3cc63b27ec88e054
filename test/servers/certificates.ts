import { fileURLToPath } from 'node:url';

/** A certificate of test/fixtures/tls with its key, for a server to show. */
export type CertificateName = 'server' | 'wrong-name' | 'from-other-ca';

/** The paths of a server certificate and its key. */
export function toTlsFiles(name: CertificateName): { certFile: string; keyFile: string } {
  return { certFile: toPath(`${name}.pem`), keyFile: toPath(`${name}.key`) };
}

/** The path of the authority that signed the tests' servers, and of one that did not. */
export const CA_FILES = { trusted: toPath('ca.pem'), other: toPath('other-ca.pem') } as const;

function toPath(file: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${file}`, import.meta.url));
}
