// A bank for the demonstration and for tests: npm oidc-provider with three
// clients who match the demo citizens and what the simulated registries know.
// Everything is kept in memory, and any password is right.
//
// Usage: node server.mjs PORT CALLBACK CLIENT_SECRET

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

import { Provider } from 'oidc-provider';

const [port, callback, clientSecret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

const passport = (number, issuedOn) => ({
  series: '0001', number, issued_on: issuedOn, department_code: '340-001',
  issued_by: 'ОВД города Волгограда',
});

/** By the login they type at the bank. */
const clients = {
  // Nobody has an account for her yet.
  vera: {
    title: 'Вера Громова',
    family_name: 'Громова', given_name: 'Вера', middle_name: 'Андреевна',
    birthdate: '1991-05-06', gender: 'female', snils: '000-000-600 00',
    passport: passport('000303', '2011-06-01'),
  },
  // Anna of the demonstration, once the registries have checked her data.
  anna: {
    title: 'Анна Соколова',
    family_name: 'СОКОЛОВА', given_name: 'АННА', middle_name: 'ПАВЛОВНА',
    birthdate: '1990-03-24', gender: 'female', snils: '000-000-300 00',
  },
  // Timur, but the bank has another surname and birth date.
  timur: {
    title: 'Тимур Ахметов (данные расходятся)',
    family_name: 'Ахматов', given_name: 'Тимур', middle_name: 'Русланович',
    birthdate: '1978-02-11', gender: 'male', snils: '087-654-303 00',
  },
};

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: randomUUID() };

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'propusk',
    client_secret: clientSecret,
    redirect_uris: [callback],
    response_types: ['code'],
    grant_types: ['authorization_code'],
    id_token_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [key] },
  cookies: { keys: [randomUUID()] },
  claims: {
    openid: ['sub'],
    profile: ['family_name', 'given_name', 'middle_name', 'birthdate', 'gender'],
    identity: ['snils', 'passport'],
  },
  scopes: ['openid', 'profile', 'identity'],
  findAccount: (_ctx, login) => clients[login] && {
    accountId: login,
    claims: () => ({ ...clients[login], title: undefined, sub: login }),
  },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
});
provider.on('server_error', (_ctx, error) => console.error(error));

const page = (uid) => `<!doctype html><html lang="ru"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Банк «Волга»</title>
<style>body{font:1.1rem/1.5 system-ui;max-width:26rem;margin:3rem auto;padding:0 1rem}
button{font:inherit;display:block;width:100%;padding:.8rem;margin:.6rem 0;cursor:pointer}</style>
<h1>Банк «Волга»</h1><p>Демонстрация: кто вы?</p>
<form method="post" action="/interaction/${uid}">
${Object.entries(clients).map(([login, { title }]) =>
    `<button name="login" value="${login}" id="client-${login}">${title}</button>`).join('\n')}
<button name="login" value="" id="client-none">Отказаться</button></form></html>`;

async function body(req) {
  let text = '';
  for await (const part of req) text += part;
  return new URLSearchParams(text);
}

/** Who it is, and in the same step that their data may be told. */
async function interact(req, res) {
  const details = await provider.interactionDetails(req, res);
  if (req.method === 'GET' && details.prompt.name === 'login') {
    res.setHeader('content-type', 'text/html; charset=utf-8');
    res.end(page(details.uid));
    return;
  }
  let accountId = details.session?.accountId;
  if (req.method === 'POST') {
    accountId = (await body(req)).get('login');
    if (!clients[accountId]) {
      await provider.interactionFinished(req, res, { error: 'access_denied' });
      return;
    }
  }
  const grant = new provider.Grant({ accountId, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  const grantId = await grant.save();
  await provider.interactionFinished(req, res, { login: { accountId }, consent: { grantId } });
}

const handle = provider.callback();
createServer((req, res) => {
  if (!req.url.startsWith('/interaction/')) return handle(req, res);
  return interact(req, res).catch((error) => {
    res.statusCode = 400;
    res.end(String(error));
  });
}).listen(Number(port), '127.0.0.1', () => console.error(`The demo bank listens on ${issuer}`));
