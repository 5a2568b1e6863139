// Keys and certificates, made for one run and forgotten with its folder.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = {
  PS256: ['rsa', { modulusLength: 2048 }],
  RS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
};

/** A private key as JWK for signatures with `alg`. */
export function signingKey(alg) {
  const { privateKey } = generateKeyPairSync(...KINDS[alg]);
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg, use: 'sig' };
}

/** What of it may be told. */
export function publicKey({ d, p, q, dp, dq, qi, ...rest }) {
  return rest;
}

export const secret = () => randomBytes(24).toString('hex');

function openssl(...args) {
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** An authority in `folder`, which signs certificates of servers and clients. */
export class Authority {
  constructor(folder) {
    this.folder = folder;
    this.certificate = join(folder, 'authority.pem');
    this.key = join(folder, 'authority.key');
    openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=Conformance authority'],
      ...['-keyout', this.key, '-out', this.certificate],
    );
  }

  /** Certificate and key of a server with this host name. */
  server(host) {
    return this.#sign('server', host, `subjectAltName=DNS:${host},IP:127.0.0.1\nextendedKeyUsage=serverAuth\n`);
  }

  /** Certificate and key of a client; `subject` is its common name. */
  client(subject) {
    const files = this.#sign(subject, subject, 'extendedKeyUsage=clientAuth\n');
    return { cert: readFileSync(files.certificate, 'utf8'), key: readFileSync(files.key, 'utf8') };
  }

  #sign(file, subject, extensions) {
    const at = (suffix) => join(this.folder, `${file}.${suffix}`);
    writeFileSync(at('ext'), `basicConstraints=CA:FALSE\n${extensions}`);
    openssl(
      ...['req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${subject}`],
      ...['-keyout', at('key'), '-out', at('csr')],
    );
    openssl(
      ...['x509', '-req', '-in', at('csr'), '-CA', this.certificate, '-CAkey', this.key, '-CAcreateserial'],
      ...['-days', '30', '-extfile', at('ext'), '-out', at('pem')],
    );
    return { certificate: at('pem'), key: at('key') };
  }
}
