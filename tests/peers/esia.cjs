// A portal with npm `esia`, written for ESIA: a sign-in, and data by the links it
// follows. It speaks a line at a time: the address of the sign-in out, the way
// back in, what came of it out.
//
// Input: url, clientId, redirectUri, certificate, key (PEM), scope.

const { createInterface } = require('node:readline');

const esia = require('esia');

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const line = async () => (await lines.next()).value;

async function main() {
  const asked = JSON.parse(await line());
  const portal = esia({ ...asked, esiaUrl: asked.url });
  console.log(portal.getAuth().url);
  const back = new URL(await line());
  const { marker, data } = await portal.getAccess(back.searchParams.get('code'), [
    '/',
    '/ctts?embed=(elements)',
    '/docs?embed=(elements)',
    '/addrs?embed=(elements)',
  ]);
  console.log(JSON.stringify({ access: marker.decodedAccessToken, data }));
}

main().then(() => process.exit(0));
