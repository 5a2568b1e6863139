// `openid-client` whose tokens nobody but it can read: it registers a key that
// is encrypted to, encrypts its signed request with `jose`, and decrypts the
// ID token and what userinfo tells.
//
// Input: issuer, redirect_uri, username, password,
//   alg, enc      of what comes back (RSA-OAEP-256 and A256GCM, for instance)
//   request_alg, request_enc   of the request

import { strict as assert } from 'node:assert';
import { CompactEncrypt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK } from 'jose';
import * as client from 'openid-client';
import { Citizen } from './citizen.mjs';
import { insecure, insistOnIssuer } from './registered.mjs';
import { finish, input, step } from './steps.mjs';

const { alg, enc, request_alg, request_enc, redirect_uri } = input;
const citizen = new Citizen(input);
const issuer = new URL(input.issuer);
const signing = await generateKeyPair('ES256');
const sealed = await generateKeyPair(alg);
const jwks = {
  keys: [
    { ...(await exportJWK(signing.publicKey)), use: 'sig', kid: 'signing', alg: 'ES256' },
    { ...(await exportJWK(sealed.publicKey)), use: 'enc', kid: 'sealed', alg },
  ],
};

const config = await step('registration', async (report) => {
  const metadata = {
    client_name: 'A sealed program',
    redirect_uris: [redirect_uri],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks,
    id_token_encrypted_response_alg: alg,
    id_token_encrypted_response_enc: enc,
    userinfo_signed_response_alg: 'RS256',
    userinfo_encrypted_response_alg: alg,
    userinfo_encrypted_response_enc: enc,
    request_object_signing_alg: 'ES256',
    request_object_encryption_alg: request_alg,
    request_object_encryption_enc: request_enc,
  };
  const authentication = client.PrivateKeyJwt({ key: signing.privateKey, kid: 'signing' });
  const config = await client.dynamicClientRegistration(issuer, metadata, authentication, { execute: insecure(issuer) });
  insistOnIssuer(config);
  client.enableDecryptingResponses(config, [enc], { key: sealed.privateKey, kid: 'sealed', alg });
  client.enableNonRepudiationChecks(config);
  report(config.clientMetadata().id_token_encrypted_response_alg);
  return config;
});

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();

const url = await step('request', async (report) => {
  const plain = {
    redirect_uri,
    scope: 'openid profile',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  };
  const url = await client.buildAuthorizationUrlWithJAR(config, plain, { key: signing.privateKey, kid: 'signing' });
  const { keys } = await (await fetch(config.serverMetadata().jwks_uri)).json();
  const [theirs, ...more] = keys.filter((key) => key.use === 'enc');
  assert.deepEqual(more, [], 'which key is to be encrypted to?');
  const request = await new CompactEncrypt(new TextEncoder().encode(url.searchParams.get('request')))
    .setProtectedHeader({ alg: request_alg, enc: request_enc, kid: theirs.kid, cty: 'oauth-authz-req+jwt' })
    .encrypt(await importJWK(theirs, request_alg));
  url.searchParams.set('request', request);
  report({ parts: request.split('.').length, in_browser: [...url.searchParams.keys()].sort() });
  return url;
});

const callback = await step('authorization', async () => (await citizen.comesBack(url, redirect_uri)).url);

const tokens = await step('token', async (report) => {
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(config, callback, checks);
  const { alg, enc, cty } = decodeProtectedHeader(tokens.id_token);
  report({ alg, enc, cty });
  return tokens;
});

await step('userinfo', async (report) => {
  const { name } = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  report({ name });
});

finish();
