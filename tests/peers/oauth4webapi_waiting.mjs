// `oauth4webapi` where the citizen's browser is not at the client: a device that
// shows a code (RFC 8628), and a site that asks by itself (CIBA), whose question
// is signed where it has a key.
//
// Input: that of registered.mjs, and username, password,
//   way           device | ciba
//   binding_message   for ciba

import { strict as assert } from 'node:assert';
import * as oauth from 'oauth4webapi';
import { Citizen } from './citizen.mjs';
import { signingKey } from './registered.mjs';
import { finish, input, step } from './steps.mjs';

const citizen = new Citizen(input);
const issuer = new URL(input.issuer);
const loopback = { [oauth.allowInsecureRequests]: issuer.protocol === 'http:' };
const portal = { client_id: input.client_id };
const scope = 'openid profile';
const signed = input.auth_method === 'private_key_jwt';
const key = signed ? await signingKey() : undefined;
const authentication = signed ? oauth.PrivateKeyJwt(key) : oauth.None();
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, loopback));

const ways = {
  async device(report) {
    const sent = await oauth.deviceAuthorizationRequest(server, portal, authentication, { scope }, loopback);
    const asked = await oauth.processDeviceAuthorizationResponse(server, portal, sent);
    const ask = () => oauth.deviceCodeGrantRequest(server, portal, authentication, asked.device_code, loopback);
    const read = (response) => oauth.processDeviceCodeResponse(server, portal, response);
    report({ before: await refused(ask, read) });
    const page = await citizen.browser.open(asked.verification_uri_complete);
    const form = page.forms.find((form) => form.names.includes('user_code'));
    await citizen.agrees(await citizen.browser.submit(page, form, { user_code: asked.user_code }));
    return read(await ask());
  },
  async ciba(report) {
    const { username: login_hint, binding_message } = input;
    const params = { scope, login_hint, binding_message };
    const request = await oauth.issueRequestObject(server, portal, params, key);
    const sent = await oauth.backchannelAuthenticationRequest(server, portal, authentication, { request }, loopback);
    const asked = await oauth.processBackchannelAuthenticationResponse(server, portal, sent);
    const ask = () => oauth.backchannelAuthenticationGrantRequest(server, portal, authentication, asked.auth_req_id, loopback);
    const read = (response) => oauth.processBackchannelAuthenticationGrantResponse(server, portal, response);
    report({ before: await refused(ask, read) });
    const cabinet = await citizen.cabinet(input.issuer);
    const [link] = cabinet.html.match(/\/account\/asked\/[^"]+/) ?? [];
    const page = await citizen.browser.open(new URL(link, cabinet.url));
    assert(page.html.includes(binding_message), `the message is not shown at ${page}`);
    await citizen.agrees(page);
    return read(await ask());
  },
};

const tokens = await step(input.way, ways[input.way]);

await step('userinfo', async (report) => {
  const { sub } = oauth.getValidatedIdTokenClaims(tokens);
  const told = await oauth.userInfoRequest(server, portal, tokens.access_token, loopback);
  const { name } = await oauth.processUserInfoResponse(server, portal, sub, told);
  report({ name });
});

finish();

/** The error code while nobody has answered. */
async function refused(ask, read) {
  const error = await read(await ask()).then(
    () => assert.fail('it was not refused'),
    (error) => error,
  );
  return error.error;
}
