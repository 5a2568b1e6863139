// The two sides of a client: how it is registered with us, and what the suite
// is told of it. A file in plans/ says only in what a plan differs.
import { publicKey, secret, signingKey } from './keys.mjs';

const SCOPE = 'openid profile email phone address offline_access';

/** What every client has unless its plan says otherwise. */
const REGISTERED = {
  scope: SCOPE,
  required_scope: SCOPE,
  grant_types: ['authorization_code', 'refresh_token'],
  redirect_uris: ['{alias}/callback'],
};

/** Makes the clients of a plan; `addresses` stand where it writes {alias} or
 * {issuer}. */
export function clients(plan, addresses, authority) {
  const registered = [];
  const configuration = {};
  for (const [role, spec] of Object.entries(plan.clients ?? {})) {
    const id = `${plan.alias}-${role}`;
    const told = { client_id: id, scope: 'openid', ...spec.told };
    const client = {
      client_id: id,
      name: { ru: `Проверка ${role}`, en: `Conformance ${role}` },
      ...REGISTERED,
      ...plan.register,
      ...spec.register,
    };
    const method = client.token_endpoint_auth_method ?? 'client_secret_basic';
    if (method.startsWith('client_secret')) {
      told.client_secret = client.client_secret = secret();
    }
    if (plan.keys) {
      const key = signingKey(plan.keys);
      told.jwks = { keys: [key] };
      client.jwks = { keys: [publicKey(key)] };
    }
    if (plan.certificates) {
      const shown = authority.client(id);
      configuration[role === 'client' ? 'mtls' : 'mtls2'] = shown;
      if (method === 'tls_client_auth') client.tls_client_auth_subject_dn = `CN=${id}`;
    }
    registered.push(client);
    configuration[role] = told;
  }
  return placed({ registered, configuration }, addresses);
}

/** Puts addresses in their places. */
export function placed(value, addresses) {
  const text = JSON.stringify(value).replace(/\{(\w+)\}/g, (whole, name) => addresses[name] ?? whole);
  return JSON.parse(text);
}
