// How `openid-client` learns of the provider and shows who it is. Of the input:
//
//   issuer, client_id
//   auth_method   client_secret_basic | client_secret_post | client_secret_jwt |
//                 private_key_jwt | tls_client_auth | self_signed_tls_client_auth | none
//   client_secret, or private_jwk with `alg` and `kid`, or private_key with
//                 `alg`, `kid` and `pkcs8` in base64

import { strict as assert } from 'node:assert';
import * as client from 'openid-client';
import { input } from './steps.mjs';

/** The provider found, and the client with what it registered beside. */
export async function discovered(metadata, options = {}) {
  const issuer = new URL(input.issuer);
  const config = await client.discovery(issuer, input.client_id, metadata, await authentication(), {
    execute: insecure(issuer),
    ...options,
  });
  insistOnIssuer(config);
  return config;
}

/** Plain HTTP only because the provider under test is on loopback. */
export function insecure(issuer) {
  return issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
}

/** So that the library insists on `iss` in the answer (RFC 9207). */
export function insistOnIssuer(config) {
  const { authorization_response_iss_parameter_supported: announced } = config.serverMetadata();
  assert.equal(announced, true, 'RFC 9207 is not announced');
}

export async function authentication() {
  switch (input.auth_method) {
    case 'client_secret_basic':
      return client.ClientSecretBasic(input.client_secret);
    case 'client_secret_post':
      return client.ClientSecretPost(input.client_secret);
    case 'client_secret_jwt':
      return client.ClientSecretJwt(input.client_secret);
    case 'tls_client_auth':
    case 'self_signed_tls_client_auth':
      return client.TlsClientAuth();
    case 'private_key_jwt':
      return client.PrivateKeyJwt(await signingKey());
    case 'none':
      return client.None();
    default:
      throw new Error(`auth_method ${input.auth_method} is not known`);
  }
}

/** The client's key, as the library takes it. */
export async function signingKey() {
  const { alg, kid, pkcs8, ...jwk } = input.private_key ?? input.private_jwk;
  const algorithms = {
    ES256: { name: 'ECDSA', namedCurve: 'P-256' },
    RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
    EdDSA: { name: 'Ed25519' },
  };
  const algorithm = algorithms[alg];
  assert(algorithm, `alg ${alg} of the private key is not known`);
  const material = pkcs8 ? ['pkcs8', Buffer.from(pkcs8, 'base64')] : ['jwk', { ...jwk, use: undefined, key_ops: undefined }];
  return { key: await crypto.subtle.importKey(...material, algorithm, false, ['sign']), kid };
}
