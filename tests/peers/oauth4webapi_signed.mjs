// `oauth4webapi` as a client held to FAPI 2.0 Message Signing: a signed request
// (RFC 9101) that is pushed (RFC 9126), a signed answer (JARM), tokens bound to
// its key (RFC 9449).
//
// Input: that of registered.mjs, and redirect_uri, username, password, alg

import { strict as assert } from 'node:assert';
import * as oauth from 'oauth4webapi';
import { Citizen } from './citizen.mjs';
import { signingKey } from './registered.mjs';
import { finish, input, step } from './steps.mjs';

const citizen = new Citizen(input);
const issuer = new URL(input.issuer);
// Plain HTTP only because the provider under test is on loopback.
const loopback = { [oauth.allowInsecureRequests]: issuer.protocol === 'http:' };
const { alg, redirect_uri } = input;
const portal = {
  client_id: input.client_id,
  id_token_signed_response_alg: alg,
  authorization_signed_response_alg: alg,
};
const key = await signingKey();
const authentication = oauth.PrivateKeyJwt(key);

const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, loopback));
const DPoP = oauth.DPoP(portal, await oauth.generateKeyPair('ES256'));
const bound = { ...loopback, DPoP };
const verifier = oauth.generateRandomCodeVerifier();
const [nonce, state] = [oauth.generateRandomNonce(), oauth.generateRandomState()];

const pushed = await step('pushed', async (report) => {
  const request = await oauth.issueRequestObject(
    server,
    portal,
    {
      redirect_uri,
      response_type: 'code',
      response_mode: 'jwt',
      scope: 'openid profile offline_access',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
      state,
    },
    key,
  );
  const sent = await oauth.pushedAuthorizationRequest(server, portal, authentication, { request }, bound);
  const pushed = await oauth.processPushedAuthorizationResponse(server, portal, sent);
  report(pushed.expires_in > 0);
  return pushed;
});

const params = await step('authorization', async (report) => {
  const url = new URL(server.authorization_endpoint);
  url.search = new URLSearchParams({ client_id: portal.client_id, request_uri: pushed.request_uri });
  const { url: callback } = await citizen.comesBack(url, redirect_uri);
  report([...callback.searchParams.keys()]);
  return oauth.validateJwtAuthResponse(server, portal, callback, state, loopback);
});

await step('token', async (report) => {
  const response = await oauth.authorizationCodeGrantRequest(server, portal, authentication, params, redirect_uri, verifier, bound);
  const checks = { expectedNonce: nonce, requireIdToken: true };
  const tokens = await oauth.processAuthorizationCodeResponse(server, portal, response, checks);
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);
  assert.equal(tokens.token_type, 'dpop');
  const told = await oauth.userInfoRequest(server, portal, tokens.access_token, bound);
  const { name } = await oauth.processUserInfoResponse(server, portal, sub, told);
  report({ name });
});

finish();
