// The certified library `openid-client` goes through everything a portal does.
//
// Input, JSON on stdin:
//   issuer, client_id (or `register`: metadata to register with; what the
//                 registration tells replaces client_id and client_secret),
//   redirect_uri, post_logout_redirect_uri, username, password,
//   auth_method   client_secret_basic | client_secret_post | client_secret_jwt |
//                 private_key_jwt | tls_client_auth | self_signed_tls_client_auth
//   client_secret, or private_jwk with `alg` and `kid`, or for a certificate
//   tls           { cert, key, ca }, PEM
//   scope         by default "openid profile offline_access"
//   id_token_signed_response_alg   by default what the provider publishes
// Output: one line of JSON, a key per step. On failure: the step and a plain
// message on stderr, exit status 1. A private authority: NODE_EXTRA_CA_CERTS.

import { strict as assert } from 'node:assert';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import * as client from 'openid-client';
import { Browser, Landed } from './browser.mjs';

const input = JSON.parse(await text(process.stdin));
const done = {};
const browser = new Browser();

async function step(name, work) {
  try {
    return await work((report) => (done[name] = report));
  } catch (error) {
    const causes = [];
    for (let e = error; e; e = e.cause) causes.push(e.error_description ?? e.message ?? JSON.stringify(e));
    console.error(`${name}: ${error.error ?? error.code ?? error.name}: ${causes.join(': ')}`);
    console.error(`done before: ${JSON.stringify(done)}`);
    process.exit(1);
  }
}

const config = await step('discovery', async (report) => {
  const metadata = {
    id_token_signed_response_alg: input.id_token_signed_response_alg,
    use_mtls_endpoint_aliases: input.tls !== undefined,
  };
  const issuer = new URL(input.issuer);
  // Plain HTTP only because the provider under test is on loopback.
  const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [];
  const options = { execute, ...(input.tls && { [client.customFetch]: withCertificate }) };
  const config = input.register
    ? await client.dynamicClientRegistration(issuer, input.register, await authentication(), {
        initialAccessToken: input.initial_access_token,
        ...options,
      })
    : await client.discovery(issuer, input.client_id, metadata, await authentication(), options);
  // So that the library insists on `iss` in the answer (RFC 9207).
  const server = config.serverMetadata();
  assert.equal(server.authorization_response_iss_parameter_supported, true, 'RFC 9207 is not announced');
  report({ issuer: server.issuer, registered: config.clientMetadata() });
  return config;
});

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();

const callback = await step('authorization', async (report) => {
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: input.redirect_uri,
    scope: input.scope ?? 'openid profile offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  });
  const pages = [];
  let at = await browser.open(url, input.redirect_uri);
  while (!(at instanceof Landed)) {
    assert(pages.length < 4, `too many pages, the last is ${at}`);
    const signIn = at.forms.find((form) => form.names.includes('password'));
    const consent = at.forms.find((form) => form.names.includes('decision'));
    if (signIn && !pages.includes('sign_in')) {
      pages.push('sign_in');
      at = await browser.submit(at, signIn, { username: input.username, password: input.password }, input.redirect_uri);
    } else if (consent && !pages.includes('consent')) {
      pages.push('consent');
      at = await browser.submit(at, consent, { decision: 'allow' }, input.redirect_uri);
    } else {
      throw new Error(`no way on from ${at}`);
    }
  }
  report({ pages, answer: [...at.url.searchParams.keys()].sort() });
  return at.url;
});

const tokens = await step('token', async (report) => {
  const tokens = await client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  assert(tokens.refresh_token, 'no refresh token came with offline_access');
  report({ token_type: tokens.token_type, expires_in: tokens.expires_in, scope: tokens.scope });
  return tokens;
});
const subject = tokens.claims().sub;

await step('userinfo', async (report) => {
  const claims = await client.fetchUserInfo(config, tokens.access_token, subject);
  report({ claims: Object.keys(claims).sort(), name: claims.name });
});

const fresh = await step('refresh', async (report) => {
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
  assert(fresh.refresh_token, 'no refresh token came back');
  const rotated = fresh.refresh_token !== tokens.refresh_token;
  assert(fresh.claims()?.sub === undefined || fresh.claims().sub === subject, 'the person changed');
  await client.fetchUserInfo(config, fresh.access_token, subject);
  report({ rotated, id_token: fresh.id_token !== undefined });
  return fresh;
});

async function active() {
  const access = await client.tokenIntrospection(config, fresh.access_token, { token_type_hint: 'access_token' });
  const refresh = await client.tokenIntrospection(config, fresh.refresh_token, { token_type_hint: 'refresh_token' });
  return { access: access.active, refresh: refresh.active };
}

await step('introspection', async (report) => {
  const before = await active();
  assert.deepEqual(before, { access: true, refresh: true });
  report(before);
});

await step('revocation', async (report) => {
  await client.tokenRevocation(config, fresh.refresh_token, { token_type_hint: 'refresh_token' });
  report(true);
});

await step('introspection_after', async (report) => {
  // RFC 7009 §2.1: access tokens of the same grant go with the refresh token.
  const after = await active();
  assert.deepEqual(after, { access: false, refresh: false });
  report(after);
});

await step('end_session', async (report) => {
  const home = input.post_logout_redirect_uri;
  const state = client.randomState();
  const url = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: home, state });
  let at = await browser.open(url, home);
  let asked = false;
  if (!(at instanceof Landed)) {
    // The provider may ask first (RP-Initiated Logout 1.0 §2).
    const question = at.forms.find((form) => form.ids.includes('logout-confirm'));
    assert(question, `no way on from ${at}`);
    asked = true;
    const button = question.button((control) => control.id === 'logout-confirm');
    at = await browser.submit(at, question, button.name ? { [button.name]: button.value ?? '' } : {}, home);
    assert(at instanceof Landed, `not sent back, but to ${at}`);
  }
  assert.equal(at.url.searchParams.get('state'), state, 'the state did not come back');
  report({ asked });
});

console.log(JSON.stringify(done));

async function authentication() {
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
      return client.PrivateKeyJwt({ key: await privateKey(input.private_jwk), kid: input.private_jwk.kid });
    default:
      throw new Error(`auth_method ${input.auth_method} is not known`);
  }
}

// The built-in fetch shows no certificates; the module below it does.
function withCertificate(address, { method, headers, body }) {
  if (!address.startsWith('https:')) return fetch(address, { method, headers, body, redirect: 'manual' });
  return new Promise((resolve, reject) => {
    const request = https.request(address, { method, headers, ...input.tls }, async (answer) => {
      const received = answer.statusCode === 204 ? null : await text(answer);
      resolve(new Response(received, { status: answer.statusCode, headers: answer.headers }));
    });
    request.on('error', reject);
    request.end(body ? String(body) : undefined);
  });
}

function privateKey(jwk) {
  const algorithms = {
    ES256: { name: 'ECDSA', namedCurve: 'P-256' },
    RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
    EdDSA: { name: 'Ed25519' },
  };
  const algorithm = algorithms[jwk.alg];
  assert(algorithm, `private_jwk.alg ${jwk.alg} is not known`);
  return crypto.subtle.importKey('jwk', { ...jwk, use: undefined, key_ops: undefined }, algorithm, false, ['sign']);
}
