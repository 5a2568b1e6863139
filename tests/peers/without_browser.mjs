// `openid-client` where the citizen's browser is not at the client: a device
// that shows a code (RFC 8628), and a site that asks by itself (CIBA).
//
// Input: that of registered.mjs, and
//   username, password,
//   way           device | ciba
//   binding_message   for ciba

import { strict as assert } from 'node:assert';
import * as client from 'openid-client';
import { Citizen } from './citizen.mjs';
import { discovered } from './registered.mjs';
import { finish, input, step } from './steps.mjs';

const citizen = new Citizen(input);
const scope = 'openid profile offline_access';
const config = await step('discovery', () => discovered({}));

const ways = {
  async device(report) {
    const asked = await client.initiateDeviceAuthorization(config, { scope });
    const polled = client.pollDeviceAuthorizationGrant(config, asked);
    const page = await citizen.browser.open(asked.verification_uri);
    const form = page.forms.find((form) => form.names.includes('user_code'));
    assert(form, `nowhere to enter the code at ${page}`);
    const pages = await citizen.agrees(await citizen.browser.submit(page, form, { user_code: asked.user_code }));
    report({ pages });
    return polled;
  },
  async ciba(report) {
    const { username: login_hint, binding_message } = input;
    const asked = await client.initiateBackchannelAuthentication(config, { scope, login_hint, binding_message });
    const polled = client.pollBackchannelAuthenticationGrant(config, asked);
    const cabinet = await citizen.cabinet(input.issuer);
    const [link] = cabinet.html.match(/\/account\/asked\/[^"]+/) ?? [];
    assert(link, `nothing is asked at ${cabinet}`);
    const page = await citizen.browser.open(new URL(link, cabinet.url));
    assert(page.html.includes(binding_message), `the message is not shown at ${page}`);
    report({ pages: await citizen.agrees(page) });
    return polled;
  },
};

const tokens = await step(input.way, ways[input.way]);

await step('userinfo', async (report) => {
  const { name } = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  report({ name });
});

await step('refresh', async (report) => {
  const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
  const { name } = await client.fetchUserInfo(config, fresh.access_token, tokens.claims().sub);
  report({ name });
});

finish();
