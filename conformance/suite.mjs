// The suite's own interface: plans are made of configurations, modules are run
// one after another, and each leaves a log.
import tls from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { request } from './http.mjs';

export class Suite {
  /** `base` as https://localhost.emobix.co.uk:8443. */
  constructor(base) {
    this.base = base.replace(/\/$/, '');
  }

  /** Learns which certificate the suite shows: it is tested with on one machine,
   * and its authority is made up. Our server is told to trust it, too. */
  async trust() {
    const { hostname, port } = new URL(this.base);
    this.ca = await new Promise((resolve, reject) => {
      const socket = tls.connect({ host: hostname, port: port || 443, servername: hostname, rejectUnauthorized: false }, () => {
        let certificate = socket.getPeerCertificate(true);
        while (certificate.issuerCertificate && certificate.issuerCertificate !== certificate) {
          certificate = certificate.issuerCertificate;
        }
        socket.end();
        resolve(new X509Certificate(certificate.raw).toString());
      });
      socket.on('error', reject);
    });
    return this;
  }

  async call(method, path, { query, body } = {}) {
    const url = new URL(`${this.base}/api/${path}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const answer = await request(url, { method, headers, body, ca: this.ca });
    if (answer.status >= 300) {
      throw new Error(`${method} ${url.pathname}: ${answer.status} ${answer.text.slice(0, 400)}`);
    }
    return answer.text ? JSON.parse(answer.text) : undefined;
  }

  version() {
    return this.call('GET', 'server');
  }

  createPlan(name, variant, configuration) {
    const query = { planName: name, variant: JSON.stringify(variant) };
    return this.call('POST', 'plan', { query, body: JSON.stringify(configuration) });
  }

  createModule(plan, { testModule, variant }) {
    const query = { test: testModule, plan };
    if (variant) query.variant = JSON.stringify(variant);
    return this.call('POST', 'runner', { query });
  }

  start(module) {
    return this.call('POST', `runner/${module}`);
  }

  info(module) {
    return this.call('GET', `info/${module}`);
  }

  log(module) {
    return this.call('GET', `log/${module}`);
  }

  cancel(module) {
    return this.call('DELETE', `runner/${module}`);
  }
}
