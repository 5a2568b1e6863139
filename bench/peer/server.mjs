// npm oidc-provider 9 set up to do the same work as Propusk in the benchmark:
// same paths, same clients, same algorithms, same token lives. One process, as
// it comes; everything in memory; nothing is logged.
//
// Usage: node server.mjs PORT CLIENT_SECRET

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

import { MapStore } from './store.mjs';

const [port, clientSecret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const resource = 'urn:propusk:bench:api';
const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';

/** JWT access tokens are this library's for a named resource only. A client
 * listed here gets them in every flow; the others get opaque tokens, which are
 * the only ones its userinfo and introspection endpoints accept. */
const accessTokenAlgorithm = {
  'bench-cc-es256': 'ES256',
  'bench-cc-rs256': 'RS256',
  'bench-flow': 'ES256',
  'bench-dpop': 'ES256',
};

function key(type, options, alg) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomUUID() };
}

const machine = {
  client_secret: clientSecret,
  redirect_uris: [],
  response_types: [],
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'client_secret_basic',
};
const portal = {
  client_secret: clientSecret,
  redirect_uris: ['http://127.0.0.1:8093/callback'],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
  subject_type: 'public',
};

const person = {
  name: 'Иванова Мария Петровна',
  family_name: 'Иванова',
  given_name: 'Мария',
  middle_name: 'Петровна',
  phone_number: '+79000000001',
  phone_number_verified: true,
};

const provider = new Provider(issuer, {
  adapter: MapStore,
  clients: [
    { ...machine, client_id: 'bench-cc-es256', scope: 'api' },
    { ...machine, client_id: 'bench-cc-rs256', scope: 'api' },
    { ...machine, client_id: 'bench-api' },
    { ...portal, client_id: 'bench-flow' },
    { ...portal, client_id: 'bench-userinfo' },
    {
      ...portal,
      client_id: 'bench-dpop',
      grant_types: ['authorization_code'],
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
    },
    { ...machine, client_id: 'bench-device', grant_types: [deviceCode] },
  ],
  jwks: {
    keys: [key('ec', { namedCurve: 'P-256' }, 'ES256'), key('rsa', { modulusLength: 2048 }, 'RS256')],
  },
  claims: {
    openid: ['sub'],
    profile: ['name', 'family_name', 'given_name', 'middle_name'],
    phone: ['phone_number', 'phone_number_verified'],
  },
  scopes: ['openid', 'offline_access', 'api'],
  // Any login is an account: this side has nobody to look up.
  findAccount: (_ctx, login) => ({
    accountId: login,
    claims: () => ({ sub: login, ...person }),
  }),
  enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_ctx, client) => client.clientId === 'bench-api' },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client) => (accessTokenAlgorithm[client.clientId] ? resource : undefined),
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, indicator, client) => ({
        scope: 'api',
        audience: indicator,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 300,
        jwt: { sign: { alg: accessTokenAlgorithm[client.clientId] } },
      }),
    },
  },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: 300,
    AuthorizationCode: 60,
    ClientCredentials: 300,
    DeviceCode: 600,
    Grant: 86_400,
    IdToken: 300,
    Interaction: 600,
    PushedAuthorizationRequest: 60,
    RefreshToken: 86_400,
    Session: 86_400,
  },
  routes: {
    authorization: '/oauth/authorize',
    device_authorization: '/oauth/device_authorization',
    end_session: '/oauth/end_session',
    introspection: '/oauth/introspect',
    jwks: '/oauth/jwks',
    pushed_authorization_request: '/oauth/par',
    revocation: '/oauth/revoke',
    token: '/oauth/token',
    userinfo: '/oauth/userinfo',
  },
});

/** Login and consent in one step and without a page: the flows are measured
 * with a live session and remembered consent, so this runs during set-up only. */
async function interact(req, res) {
  const { params, grantId, session } = await provider.interactionDetails(req, res);
  const accountId = session?.accountId ?? params.login_hint ?? 'citizen';
  let grant = grantId && (await provider.Grant.find(grantId));
  if (!grant) grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  grant.addResourceScope(resource, 'api');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(req, res, { login: { accountId }, consent });
}

const answer = provider.callback();
const server = createServer((req, res) => {
  if (!req.url.startsWith('/interaction/')) {
    answer(req, res);
    return;
  }
  interact(req, res).catch((error) => {
    res.writeHead(500).end(String(error.stack));
  });
});
server.listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
