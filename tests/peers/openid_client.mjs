// The certified library `openid-client` goes through everything a portal does.
//
// Input, JSON on stdin:
//   issuer, client_id (or `register`: metadata to register with; what the
//                 registration tells replaces client_id and client_secret),
//   redirect_uri, post_logout_redirect_uri, username, password,
//   and those of registered.mjs; for a certificate
//   tls           { cert, key, ca }, PEM
//   scope         by default "openid profile offline_access"
//   id_token_signed_response_alg   by default what the provider publishes
// Output: see steps.mjs. A private authority: NODE_EXTRA_CA_CERTS.

import { strict as assert } from 'node:assert';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import * as client from 'openid-client';
import { Landed } from './browser.mjs';
import { Citizen } from './citizen.mjs';
import { authentication, insecure, insistOnIssuer } from './registered.mjs';
import { finish, input, step } from './steps.mjs';

const citizen = new Citizen(input);

const config = await step('discovery', async (report) => {
  const metadata = {
    id_token_signed_response_alg: input.id_token_signed_response_alg,
    use_mtls_endpoint_aliases: input.tls !== undefined,
  };
  const issuer = new URL(input.issuer);
  const options = { execute: insecure(issuer), ...(input.tls && { [client.customFetch]: withCertificate }) };
  const config = input.register
    ? await client.dynamicClientRegistration(issuer, input.register, await authentication(), {
        initialAccessToken: input.initial_access_token,
        ...options,
      })
    : await client.discovery(issuer, input.client_id, metadata, await authentication(), options);
  insistOnIssuer(config);
  report({ issuer: config.serverMetadata().issuer, registered: config.clientMetadata() });
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
  const { pages, url: callback } = await citizen.comesBack(url, input.redirect_uri);
  report({ pages, answer: [...callback.searchParams.keys()].sort() });
  return callback;
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
  let at = await citizen.browser.open(url, home);
  let asked = false;
  if (!(at instanceof Landed)) {
    // The provider may ask first (RP-Initiated Logout 1.0 §2).
    const question = at.forms.find((form) => form.ids.includes('logout-confirm'));
    assert(question, `no way on from ${at}`);
    asked = true;
    const button = question.button((control) => control.id === 'logout-confirm');
    at = await citizen.browser.submit(at, question, button.name ? { [button.name]: button.value ?? '' } : {}, home);
    assert(at instanceof Landed, `not sent back, but to ${at}`);
  }
  assert.equal(at.url.searchParams.get('state'), state, 'the state did not come back');
  report({ asked });
});

finish();

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
