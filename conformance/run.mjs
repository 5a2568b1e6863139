#!/usr/bin/env node
// Runs plans of the OpenID conformance suite against our server; see README.md.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { browser } from './browser.mjs';
import { Citizen } from './citizen.mjs';
import { clients, placed } from './clients.mjs';
import { approvals } from './hands.mjs';
import { Authority } from './keys.mjs';
import { runModule } from './modules.mjs';
import { Results } from './results.mjs';
import { Server } from './server.mjs';
import { Suite } from './suite.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    suite: { type: 'string', default: 'https://localhost.emobix.co.uk:8443' },
    plan: { type: 'string', multiple: true },
    module: { type: 'string', multiple: true },
    propusk: { type: 'string', default: join(here, '../target/release/propusk') },
    results: { type: 'string', default: join(here, 'results.md') },
    port: { type: 'string', default: '9443' },
    folder: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

/** Plans in the order of their files' names. */
const files = readdirSync(join(here, 'plans')).filter((file) => file.endsWith('.json')).sort();
const names = files.map((file) => file.replace(/^\d+-|\.json$/g, ''));

function readPlan(name) {
  const file = files[names.indexOf(name)];
  if (!file) throw new Error(`--plan ${name}: is none of ${names.join(', ')}`);
  return { name, alias: `propusk-${name}`, ...JSON.parse(readFileSync(join(here, 'plans', file), 'utf8')) };
}

const suite = await new Suite(options.suite).trust();
const results = new Results(join(here, 'expected.json'), await suite.version());
const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'propusk-conformance-'));
mkdirSync(folder, { recursive: true });
const authority = new Authority(folder);
const server = new Server(resolve(options.propusk), folder, authority, Number(options.port));
server.ca = readFileSync(authority.certificate, 'utf8');
writeFileSync(join(folder, 'suite.pem'), suite.ca);

const { issuer } = server;
const person = { issuer, ca: server.ca, password: 'Propusk-2026!' };
const citizen = new Citizen({ ...person, login: '+79005550101' });
const answers = await approvals(citizen);
const operator = new Citizen({ ...person, login: '+79005550109' });

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.stop().finally(() => process.exit(130)));

try {
  await server.populate();
  const chosen = (options.plan ?? names).map(readPlan);
  for (const plan of chosen) {
    plan.addresses = {
      issuer,
      issuer_mtls: server.programs,
      alias: `${suite.base}/test/a/${plan.alias}`,
      approval: answers.url,
      login: citizen.login,
    };
    plan.sides = clients(plan, plan.addresses, authority);
  }
  const registered = chosen.flatMap((plan) => plan.sides.registered);
  const settings = Object.assign({}, ...chosen.map((plan) => plan.settings));
  await server.start(registered, join(folder, 'suite.pem'), settings);
  await citizen.verify(operator);
  for (const plan of chosen) results.add(plan, await runPlan(plan).catch((error) => brokenOff(plan, error)));
} finally {
  answers.close();
  await server.stop();
  if (!options.keep && !options.folder) rmSync(folder, { recursive: true, force: true });
}
results.write(options.results, names);
process.exit(results.failed ? 1 : 0);

/** A plan that the suite did not take, or whose run broke off. */
function brokenOff(plan, error) {
  console.error(error);
  return [{ module: plan.plan, name: plan.plan, result: 'FAILED', told: [{ result: 'FAILURE', src: 'run', msg: error.message }] }];
}

async function runPlan(plan) {
  const configuration = {
    alias: plan.alias,
    description: `Propusk: ${plan.name}`,
    server: {
      discoveryUrl: `${issuer}/.well-known/openid-configuration`,
      // OpenID Connect for Identity Assurance 1.0; the suite's list lacks it.
      allow_unexpected_metadata_fields: ['verified_claims_supported'],
    },
    ...plan.sides.configuration,
    ...browser(citizen),
    ...placed(plan.suite ?? {}, plan.addresses),
  };
  const made = await suite.createPlan(plan.plan, plan.variant ?? {}, configuration);
  console.log(`${plan.name}: ${suite.base}/plan-detail.html?plan=${made.id}`);
  const modules = made.modules.filter(({ testModule }) => !options.module || options.module.includes(testModule));
  const done = [];
  for (const module of modules) {
    const one = await runModule(suite, made.id, module, { server, citizen, client: plan.sides.registered[0] });
    console.log(`  ${one.result.padEnd(8)} ${one.name} ${options.keep ? one.id : ''}`);
    for (const { result, src, msg } of one.told) console.log(`           ${result} ${src}: ${msg}`);
    if (options.keep) writeFileSync(join(folder, `${plan.name}.${one.name.replaceAll(' ', '_')}.json`), JSON.stringify(one, null, 1));
    done.push(one);
  }
  return done;
}
