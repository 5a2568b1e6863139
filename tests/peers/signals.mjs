// A receiver of Shared Signals with npm `jose`: finds the transmitter, makes a
// stream, asks for a verification, fetches it and checks its signature.
//
// Input: issuer, client_id, client_secret.

import { strict as assert } from 'node:assert';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { finish, input, step } from './steps.mjs';

const verification = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
const state = 'a state of mine';

async function ask(method, address, headers, body) {
  const answer = await fetch(address, { method, headers, body });
  assert(answer.ok, `${method} ${address}: ${answer.status} ${await answer.clone().text()}`);
  return answer.status === 204 ? null : answer.json();
}

const config = await step('discovery', () =>
  ask('GET', new URL('/.well-known/ssf-configuration', input.issuer)));
assert.equal(config.issuer, input.issuer);

const { access_token } = await step('token', () => {
  const form = new URLSearchParams({ grant_type: 'client_credentials', scope: 'ssf.manage' });
  const secret = [input.client_id, input.client_secret].map((part) => new URLSearchParams({ a: part }).toString().slice(2));
  const headers = { authorization: `Basic ${btoa(secret.join(':'))}` };
  return ask('POST', new URL('/oauth/token', input.issuer), headers, form);
});
const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };

const stream = await step('stream', () =>
  ask('POST', config.configuration_endpoint, headers, JSON.stringify({ events_requested: [] })));
await step('verification', () =>
  ask('POST', config.verification_endpoint, headers, JSON.stringify({ stream_id: stream.stream_id, state })));

const poll = (body) => ask('POST', stream.delivery.endpoint_url, headers, JSON.stringify(body));
const { sets } = await step('poll', () => poll({ returnImmediately: true }));
const [[jti, token]] = Object.entries(sets);
const keys = createRemoteJWKSet(new URL(config.jwks_uri));
const { payload, protectedHeader } = await jwtVerify(token, keys, {
  typ: 'secevent+jwt', issuer: stream.iss, audience: stream.aud, algorithms: ['RS256'],
});
assert.equal(payload.jti, jti);
assert.deepEqual(payload.sub_id, { format: 'opaque', id: stream.stream_id });
const left = await poll({ ack: [jti], returnImmediately: true });

await step('verified', (report) =>
  report({ state: payload.events[verification].state, alg: protectedHeader.alg }));
await step('left', (report) => report(Object.keys(left.sets).length));
finish();
