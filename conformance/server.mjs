// Our server, as an operator would run it, in a folder of its own: every
// setting here is an ordinary one.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { request } from './http.mjs';
import { toml } from './toml.mjs';

export class Server {
  /** Takes two ports, from `port` on. */
  constructor(binary, folder, authority, port) {
    this.binary = binary;
    this.folder = folder;
    this.authority = authority;
    this.port = port;
    this.issuer = `https://localhost:${port}`;
    this.programs = `https://localhost:${port + 1}`;
    this.file = join(folder, 'propusk.toml');
  }

  /** Makes the database, with the people of the demonstration. */
  async populate() {
    const demo = this.#begin(['demo', '--folder', this.folder, '--port', String(this.port)], 'demo.log');
    await this.#said(demo, 'Support');
    await this.#end(demo);
  }

  #settings(clients, suiteAuthority, more) {
    const { certificate, key } = this.authority.server('localhost');
    const listen = (port) => `127.0.0.1:${port}`;
    const often = 1_000_000;
    return {
      issuer: this.issuer,
      listen: listen(this.port),
      demo: true,
      database: { url: `sqlite://${join(this.folder, 'propusk.db')}` },
      keys: { directory: join(this.folder, 'keys') },
      tls: { certificate, key },
      mtls: {
        listen: listen(this.port + 1),
        url: this.programs,
        ca_file: this.authority.certificate,
      },
      egress: { allow_private: ['127.0.0.0/8'], ca_files: suiteAuthority ? [suiteAuthority] : [] },
      // The suite signs in from one address, each time with a new browser.
      risk: { notify: 0, ask_factor: 0, restrict: 0, end: 0 },
      limits: {
        site_requests_per_account: often,
        requests_of_one_site: often,
        people_per_site: often,
      },
      registration: {
        mode: 'open',
        per_address_per_hour: often,
        grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'implicit'],
        response_types: ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
        subject_types: ['pairwise', 'public'],
      },
      // A new key signs soon: the suite waits while we rotate.
      lifetimes: { key_publish_ahead: 0 },
      log: { level: 'info' },
      ...more,
      clients,
    };
  }

  /** Serves with these clients, and what their plans set beside. */
  async start(clients, suiteAuthority, more) {
    writeFileSync(this.file, toml(this.#settings(clients, suiteAuthority, more)));
    this.process = this.#begin(['serve', '--config', this.file], 'serve.log');
    for (let tries = 0; tries < 100; tries += 1) {
      if (this.process.exitCode !== null) break;
      const ready = await this.get('/health/ready').catch(() => undefined);
      if (ready?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`the server did not start; see ${join(this.folder, 'serve.log')}`);
  }

  get(path) {
    return request(`${this.issuer}${path}`, { ca: this.ca });
  }

  /** A form sent by a client with a secret. */
  async post(path, fields, { client_id, client_secret }) {
    const basic = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
    const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await request(`${this.issuer}${path}`, { method: 'POST', headers, body: new URLSearchParams(fields).toString(), ca: this.ca });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return JSON.parse(answer.text);
  }

  /** A command of ours, on the same database. */
  run(...args) {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder };
    return execFileSync(this.binary, [...args, '--config', this.file], options);
  }

  async stop() {
    if (this.process) await this.#end(this.process);
  }

  #begin(args, log) {
    const child = spawn(this.binary, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: this.folder });
    const out = createWriteStream(join(this.folder, log));
    child.said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        child.said += part;
        out.write(part);
      });
    }
    return child;
  }

  async #said(child, text) {
    for (let tries = 0; tries < 150; tries += 1) {
      if (child.said.includes(text)) return;
      if (child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`the server did not say ${text}: ${child.said}`);
  }

  async #end(child) {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}
