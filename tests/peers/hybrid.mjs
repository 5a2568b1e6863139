// `openid-client` with answers through the browser: an ID token beside the code
// (OpenID Connect Core §3.3), and an ID token alone (§3.2).
//
// Input: that of registered.mjs, and
//   redirect_uri, username, password,
//   id_token_signed_response_alg

import { strict as assert } from 'node:assert';
import * as client from 'openid-client';
import { Citizen } from './citizen.mjs';
import { discovered } from './registered.mjs';
import { finish, input, step } from './steps.mjs';

const citizen = new Citizen(input);
const { redirect_uri, id_token_signed_response_alg } = input;

async function asked(config, more) {
  const nonce = client.randomNonce();
  const state = client.randomState();
  const url = client.buildAuthorizationUrl(config, { redirect_uri, nonce, state, ...more });
  const { url: callback } = await citizen.comesBack(url, redirect_uri);
  assert.equal(callback.search, '', 'tokens came in the query');
  const answer = [...new URLSearchParams(callback.hash.slice(1)).keys()].sort();
  return { callback, nonce, state, answer, response_type: url.searchParams.get('response_type') };
}

const subject = await step('code id_token', async (report) => {
  const config = await discovered({ id_token_signed_response_alg });
  client.useCodeIdTokenResponseType(config);
  client.enableNonRepudiationChecks(config);
  const verifier = client.randomPKCECodeVerifier();
  const { callback, nonce, state, answer, response_type } = await asked(config, {
    scope: 'openid profile offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  // The library checks c_hash of the first ID token and that both are one person's.
  const tokens = await client.authorizationCodeGrant(config, callback, {
    pkceCodeVerifier: verifier,
    expectedNonce: nonce,
    expectedState: state,
  });
  const { sub } = tokens.claims();
  const { name } = await client.fetchUserInfo(config, tokens.access_token, sub);
  report({ response_type, answer, name });
  return sub;
});

await step('id_token', async (report) => {
  const config = await discovered({ id_token_signed_response_alg });
  client.useIdTokenResponseType(config);
  const { callback, nonce, state, answer, response_type } = await asked(config, { scope: 'openid profile' });
  const claims = await client.implicitAuthentication(config, callback, nonce, { expectedState: state });
  assert.equal(claims.sub, subject, 'the person changed');
  report({ response_type, answer });
});

finish();
