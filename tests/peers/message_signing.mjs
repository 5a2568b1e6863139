// `openid-client` as a client held to FAPI 2.0 Message Signing: the request is
// signed (RFC 9101) and pushed (RFC 9126), the answer comes signed (JARM), and
// every token is bound to a key of the client (RFC 9449).
//
// Input: that of registered.mjs, and
//   redirect_uri, username, password,
//   alg           of everything that is signed, by either side

import { strict as assert } from 'node:assert';
import * as client from 'openid-client';
import { Citizen } from './citizen.mjs';
import { discovered, signingKey } from './registered.mjs';
import { finish, input, step } from './steps.mjs';

const citizen = new Citizen(input);
const key = await signingKey();

const config = await step('discovery', async (report) => {
  const { alg } = input;
  const config = await discovered({
    id_token_signed_response_alg: alg,
    authorization_signed_response_alg: alg,
    userinfo_signed_response_alg: alg,
    introspection_signed_response_alg: alg,
  });
  client.useJwtResponseMode(config);
  // Signatures count even where TLS vouches for the sender.
  client.enableNonRepudiationChecks(config);
  report(true);
  return config;
});

const [DPoP, another] = await Promise.all(
  [0, 1].map(async () => client.getDPoPHandle(config, await client.randomDPoPKeyPair(input.alg))),
);
const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const plain = {
  redirect_uri: input.redirect_uri,
  scope: 'openid profile offline_access',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
};

await step('unsigned', async (report) => {
  const error = await refused(client.buildAuthorizationUrlWithPAR(config, plain, { DPoP }));
  report(error);
});

const url = await step('pushed', async (report) => {
  const { searchParams: signed } = await client.buildAuthorizationUrlWithJAR(config, plain, key);
  const url = await client.buildAuthorizationUrlWithPAR(config, signed, { DPoP });
  report({ signed: [...signed.keys()].sort(), in_browser: [...url.searchParams.keys()].sort() });
  return url;
});

const callback = await step('authorization', async (report) => {
  const { pages, url: callback } = await citizen.comesBack(url, input.redirect_uri);
  report({ pages, answer: [...callback.searchParams.keys()].sort() });
  return callback;
});

const tokens = await step('token', async (report) => {
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  const tokens = await client.authorizationCodeGrant(config, callback, checks, undefined, { DPoP });
  assert(tokens.refresh_token, 'no refresh token came with offline_access');
  report({ token_type: tokens.token_type, scope: tokens.scope });
  return tokens;
});
const subject = tokens.claims().sub;

await step('userinfo', async (report) => {
  const { name } = await client.fetchUserInfo(config, tokens.access_token, subject, { DPoP });
  report({ name });
});

await step('userinfo_by_another_key', async (report) => {
  const error = await refused(client.fetchUserInfo(config, tokens.access_token, subject, { DPoP: another }));
  report(error);
});

const fresh = await step('refresh', async (report) => {
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
  const { name } = await client.fetchUserInfo(config, fresh.access_token, subject, { DPoP });
  report({ token_type: fresh.token_type, name });
  return fresh;
});

await step('refresh_without_a_proof', async (report) => {
  report(await refused(client.refreshTokenGrant(config, fresh.refresh_token ?? tokens.refresh_token)));
});

await step('introspection', async (report) => {
  // Signed, too (RFC 9701); the library checks by what.
  const { active, cnf } = await client.tokenIntrospection(config, fresh.access_token);
  assert.equal(cnf.jkt, await DPoP.calculateThumbprint(), 'the token is bound to another key');
  report({ active });
});

finish();

/** The error code of what must not work. */
async function refused(attempt) {
  const error = await attempt.then(
    () => assert.fail('it was not refused'),
    (error) => error,
  );
  const code = error.error ?? error.cause?.[0]?.parameters?.error;
  if (!code) throw error;
  return code;
}
