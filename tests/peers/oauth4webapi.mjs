// `oauth4webapi`, which does nothing by itself: a program on the citizen's
// device pushes its request (RFC 9126), bound to its key (RFC 9449) from there
// on.
//
// Input: issuer, client_id, redirect_uri, username, password

import { strict as assert } from 'node:assert';
import * as oauth from 'oauth4webapi';
import { Citizen } from './citizen.mjs';
import { finish, input, step } from './steps.mjs';

const citizen = new Citizen(input);
const { redirect_uri } = input;
const portal = { client_id: input.client_id };
const none = oauth.None();
// Plain HTTP only because the provider under test is on loopback.
const loopback = { [oauth.allowInsecureRequests]: new URL(input.issuer).protocol === 'http:' };

const server = await step('discovery', async (report) => {
  const issuer = new URL(input.issuer);
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, loopback));
  report(true);
  return server;
});

const pair = await oauth.generateKeyPair('ES256');
const DPoP = oauth.DPoP(portal, pair);
const bound = { ...loopback, DPoP };
const verifier = oauth.generateRandomCodeVerifier();
const nonce = oauth.generateRandomNonce();
const state = oauth.generateRandomState();

/** What needs a nonce of the provider's is sent again with it (RFC 9449 §8). */
async function answered(send, process) {
  try {
    return { again: false, result: await process(await send()) };
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return { again: true, result: await process(await send()) };
  }
}

const pushed = await step('pushed', async (report) => {
  const params = {
    client_id: portal.client_id,
    redirect_uri,
    response_type: 'code',
    scope: 'openid profile offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    nonce,
    state,
  };
  const { again, result } = await answered(
    () => oauth.pushedAuthorizationRequest(server, portal, none, new URLSearchParams(params), bound),
    (response) => oauth.processPushedAuthorizationResponse(server, portal, response),
  );
  report({ again });
  return result;
});

const params = await step('authorization', async (report) => {
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({ client_id: portal.client_id, request_uri: pushed.request_uri });
  const { pages, url: callback } = await citizen.comesBack(url, redirect_uri);
  report({ pages });
  return oauth.validateAuthResponse(server, portal, callback, state);
});

const code = (options) => oauth.authorizationCodeGrantRequest(server, portal, none, params, redirect_uri, verifier, options);
const checks = { expectedNonce: nonce, requireIdToken: true };

await step('code_by_another_key', async (report) => {
  const another = oauth.DPoP(portal, await oauth.generateKeyPair('ES256'));
  const send = () => code({ ...loopback, DPoP: another });
  const attempt = answered(send, (response) => oauth.processAuthorizationCodeResponse(server, portal, response, checks));
  const error = await attempt.then(() => assert.fail('it was not refused'), (error) => error);
  report(error.error);
});

const tokens = await step('token', async (report) => {
  const { result } = await answered(
    () => code(bound),
    async (response) => {
      const tokens = await oauth.processAuthorizationCodeResponse(server, portal, response, checks);
      await oauth.validateApplicationLevelSignature(server, response, loopback);
      return tokens;
    },
  );
  report({ token_type: result.token_type, scope: result.scope });
  return result;
});
const { sub } = oauth.getValidatedIdTokenClaims(tokens);

async function name(accessToken) {
  const { result } = await answered(
    () => oauth.userInfoRequest(server, portal, accessToken, bound),
    (response) => oauth.processUserInfoResponse(server, portal, sub, response),
  );
  return result.name;
}

await step('userinfo', async (report) => report({ name: await name(tokens.access_token) }));

await step('refresh', async (report) => {
  const { result } = await answered(
    () => oauth.refreshTokenGrantRequest(server, portal, none, tokens.refresh_token, bound),
    (response) => oauth.processRefreshTokenResponse(server, portal, response),
  );
  report({ token_type: result.token_type, name: await name(result.access_token) });
});

finish();
