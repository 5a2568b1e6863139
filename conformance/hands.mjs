// Where the suite asks a person to do something: an operator on the command
// line, or the citizen at our pages.
import http from 'node:http';
import { REFUSING } from './browser.mjs';

/** What has to be done before a module begins. */
export async function before(module, { citizen }) {
  if (REFUSING.includes(module)) await citizen.withdrawConsents();
}

/** Modules that wait for a person before they start. */
export async function onceConfigured(module, { server }) {
  if (module !== 'oidcc-server-rotate-keys') return;
  // One algorithm: the suite takes fright at new keys of the kind OKP (RFC 8037).
  const [{ kid }] = JSON.parse(server.run('keys', 'rotate', '--now', '--alg', 'RS256', '--json'));
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await server.get('/oauth/jwks')).text.includes(kid)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the key ${kid} was not published`);
}

/** Modules that wait for something to happen to a citizen. */
const AWAITING_SIGNALS = 'openid-ssf-transmitter-stream-caep-interop';

/** Does what a running module asks for in its log, once. */
export async function whileRunning(module, log, world) {
  if (module !== AWAITING_SIGNALS) return false;
  if (!(await log()).some(({ msg }) => msg?.includes('Please trigger these events'))) return false;
  const { citizen, client, server } = world;
  await citizen.signOut(await enter(citizen, client, server));
  await citizen.changePassword();
  return true;
}

/** Lets the citizen enter a site, whose code is redeemed; gives the browser. */
async function enter(citizen, client, server) {
  const [redirect_uri] = client.redirect_uris;
  const asked = { client_id: client.client_id, response_type: 'code', scope: 'openid', redirect_uri };
  const { browser, back } = await citizen.enter(`/oauth/authorize?${new URLSearchParams(asked)}`);
  const redeemed = { grant_type: 'authorization_code', code: back.searchParams.get('code'), redirect_uri };
  await server.post('/oauth/token', redeemed, client);
  return browser;
}

/** Serves the address at which the suite says what the citizen answers to a
 * question of a site (CIBA); the citizen then does it in the cabinet. */
export async function approvals(citizen) {
  const listener = http.createServer((asked, answer) => {
    const decision = new URL(asked.url, 'http://localhost').searchParams.get('action');
    const done = citizen.answerSite(decision === 'allow' ? 'allow' : 'deny');
    done.then(
      () => answer.end('{}'),
      (error) => {
        console.error(`  the citizen could not answer: ${error.message}`);
        answer.writeHead(500).end();
      },
    );
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${listener.address().port}/answer`, close: () => listener.close() };
}
